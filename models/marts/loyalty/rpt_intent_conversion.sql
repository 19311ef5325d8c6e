with

int_answer_outcomes as (
    select * from {{ ref('int_answer_outcomes') }}
    where question = 'repurchase_intent'
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

final as (
    select
        outcomes.reporting_month,
        outcomes.answer_group as intent_group,
        cast(count(*) as bigint) as answered_customer_count,
        cast(count(case when outcomes.is_mature then 1 end) as bigint) as mature_customer_count,
        cast(count(case when outcomes.is_mature and outcomes.has_repurchased then 1 end) as bigint)
            as converted_customer_count,
        {{ safe_ratio(
            'count(case when outcomes.is_mature and outcomes.has_repurchased then 1 end)',
            'count(case when outcomes.is_mature then 1 end)'
        ) }} as conversion_rate,
        {{ wilson_bound(
            'count(case when outcomes.is_mature and outcomes.has_repurchased then 1 end)',
            'count(case when outcomes.is_mature then 1 end)', 'low'
        ) }} as conversion_low_rate,
        {{ wilson_bound(
            'count(case when outcomes.is_mature and outcomes.has_repurchased then 1 end)',
            'count(case when outcomes.is_mature then 1 end)', 'high'
        ) }} as conversion_high_rate
    from int_answer_outcomes as outcomes
    inner join dim_months
        on outcomes.reporting_month = dim_months.reporting_month
    group by outcomes.reporting_month, outcomes.answer_group
)

select * from final
