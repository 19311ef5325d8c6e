-- What customers say and grade, held against what they do: whether the satisfied buy again more often than the
-- dissatisfied and bring a profit, and whether key accounts look at the price first.
with

int_answer_outcomes as (
    select * from {{ ref('int_answer_outcomes') }}
    where question = 'overall'
),

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
    where is_closed_month and trailing_month_count = 12
),

qualifications as (
    select * from {{ ref('fct_key_account_qualifications') }}
    where basis = 'restated' and is_key_account
),

answers as (
    select
        cast(count(case when answer_group = 'positive' then 1 end) as double) as satisfied_count,
        cast(count(case when answer_group = 'negative' then 1 end) as double) as dissatisfied_count,
        cast(count(case when answer_group = 'positive' and has_repurchased then 1 end) as double) as satisfied_again,
        cast(count(case when answer_group = 'negative' and has_repurchased then 1 end) as double) as dissatisfied_again
    from int_answer_outcomes
    where is_mature
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

last_months as (
    select max(reporting_month) as reporting_month
    from int_customer_months
),

-- The last word of the year, beside the margin of the same year.
last_answers as (
    select
        outcomes.customer_key,
        last_months.reporting_month,
        max_by(outcomes.answer_group, outcomes.reporting_month) as answer_group
    from int_answer_outcomes as outcomes
    inner join last_months
        on {{ months_apart('outcomes.reporting_month', 'last_months.reporting_month') }} between 0 and 11
    group by outcomes.customer_key, last_months.reporting_month
),

shares as (
    select
        'satisfied_profitable_share' as measure,
        count(case when months.margin_t12 > 0 then 1 end) as part_count,
        count(months.margin_t12) as whole_count
    from last_answers
    inner join int_customer_months as months
        on
            last_answers.customer_key = months.customer_key
            and last_answers.reporting_month = months.reporting_month
    where last_answers.answer_group = 'positive'
    union all
    select
        'value_over_price_share' as measure,
        count(case when is_price_insensitive then 1 end) as part_count,
        count(is_price_insensitive) as whole_count
    from qualifications
    where reporting_month in (select max(latest.reporting_month) from qualifications as latest)
),

final as (
    select
        'satisfied_repurchase_ratio' as measure,
        ratio as measured_value,
        ratio * exp(-{{ var('confidence_z') }} * deviation) as measured_low,
        ratio * exp({{ var('confidence_z') }} * deviation) as measured_high,
        cast(observation_count as bigint) as observation_count
    from ratios
    union all
    select
        measure,
        {{ safe_ratio('part_count', 'whole_count') }} as measured_value,
        {{ wilson_bound('part_count', 'whole_count', 'low') }} as measured_low,
        {{ wilson_bound('part_count', 'whole_count', 'high') }} as measured_high,
        cast(whole_count as bigint) as observation_count
    from shares
)

select * from final
