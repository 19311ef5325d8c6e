-- Whether the satisfied buy again more often than the dissatisfied.
with

int_answer_outcomes as (
    select * from {{ ref('int_answer_outcomes') }}
    where question = 'overall' and is_mature
),

answers as (
    select
        cast(count(case when answer_group = 'positive' then 1 end) as double) as satisfied_count,
        cast(count(case when answer_group = 'negative' then 1 end) as double) as dissatisfied_count,
        cast(count(case when answer_group = 'positive' and has_repurchased then 1 end) as double) as satisfied_again,
        cast(count(case when answer_group = 'negative' and has_repurchased then 1 end) as double) as dissatisfied_again
    from int_answer_outcomes
),

-- Ratio of two shares with its interval on the logarithm (Katz et al. 1978).
ratios as (
    select
        satisfied_count + dissatisfied_count as observation_count,
        {{ safe_ratio('satisfied_again', 'satisfied_count') }}
        / nullif({{ safe_ratio('dissatisfied_again', 'dissatisfied_count') }}, 0) as ratio,
        case
            when satisfied_again > 0 and dissatisfied_again > 0
                then sqrt(
                    1 / satisfied_again - 1 / satisfied_count + 1 / dissatisfied_again - 1 / dissatisfied_count
                )
        end as deviation
    from answers
),

final as (
    select
        'satisfied_repurchase_ratio' as measure,
        ratio as measured_value,
        ratio * exp(-{{ var('confidence_z') }} * deviation) as measured_low,
        ratio * exp({{ var('confidence_z') }} * deviation) as measured_high,
        cast(observation_count as bigint) as observation_count
    from ratios
)

select * from final
