-- Satisfaction is no loyalty: of the customers lost in a year who had been asked within the year before, how many
-- had said they were satisfied. Reichheld found three to four in five.
with

full_defections as (
    select * from {{ ref('fct_defections') }}
    where defected_on is not null
),

last_words as (
    select * from {{ ref('int_account_answers') }}
    where question = 'overall' and account_level is not null
),

int_service_policies as (
    select * from {{ ref('int_service_policies') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

losses as (
    select
        defections.customer_key,
        defections.episode_no,
        defections.effective_date,
        {{ month_of('defections.effective_date') }} as defected_month,
        policies.satisfied_memory_days
    from full_defections as defections
    inner join int_service_policies as policies
        on {{ month_of('defections.effective_date') }} = policies.reporting_month
),

words as (
    select
        losses.customer_key,
        losses.episode_no,
        last_words.account_level,
        row_number() over (
            partition by losses.customer_key, losses.episode_no
            order by last_words.answered_on desc nulls last, last_words.reporting_month desc nulls last
        ) as word_rank
    from losses
    inner join last_words
        on
            losses.customer_key = last_words.customer_key
            and {{ dbt.datediff('last_words.answered_on', 'losses.effective_date', 'day') }}
            between 1 and losses.satisfied_memory_days
),

said as (
    select
        losses.customer_key,
        losses.defected_month,
        words.account_level
    from losses
    left join words
        on
            losses.customer_key = words.customer_key
            and losses.episode_no = words.episode_no
            and words.word_rank = 1
),

counted as (
    select
        dim_months.reporting_month,
        dim_months.is_closed_month,
        cast(count(said.customer_key) as bigint) as lost_customer_count,
        cast(count(said.account_level) as bigint) as asked_count,
        cast(count(case when said.account_level >= 4 then 1 end) as bigint) as satisfied_count
    from dim_months
    left join said
        on {{ months_apart('said.defected_month', 'dim_months.reporting_month') }} between 0 and 11
    group by
        dim_months.reporting_month,
        dim_months.is_closed_month
),

final as (
    select
        reporting_month,
        lost_customer_count,
        asked_count,
        {{ safe_ratio('asked_count', 'lost_customer_count') }} as coverage_share,
        satisfied_count,
        case when is_closed_month then {{ safe_ratio('satisfied_count', 'asked_count') }} end
            as satisfied_then_defected_rate,
        case when is_closed_month then {{ wilson_bound('satisfied_count', 'asked_count', 'low') }} end
            as satisfied_then_defected_low_rate,
        case when is_closed_month then {{ wilson_bound('satisfied_count', 'asked_count', 'high') }} end
            as satisfied_then_defected_high_rate,
        is_closed_month
    from counted
)

select * from final
