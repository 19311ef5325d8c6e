-- Cohorts by month of the first qualifying order, of customers won: who was a part of another one is in none.
-- Every month after it has a cell, also one in which nobody bought. retained_count of different cells of a cohort
-- overlaps and is not additive. Classic retention asks who bought in this very month, rolling retention who bought in
-- it or later.
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

months as (
    select * from {{ ref('int_follow_up_months') }}
),

cohort_months as (
    select
        customer_key,
        first_purchase_month as cohort_month,
        reporting_month,
        is_active
    from fct_customer_months
    where first_purchase_month is not null and not coalesce(is_split_off, false)
),

last_active_months as (
    select
        customer_key,
        cohort_month,
        max(case when is_active then reporting_month end) as last_active_month
    from cohort_months
    group by customer_key, cohort_month
),

cohorts as (
    select
        cohort_month,
        count(*) as cohort_size
    from last_active_months
    group by cohort_month
),

retained as (
    select
        cohort_month,
        reporting_month,
        count(case when is_active then 1 end) as retained_count
    from cohort_months
    group by cohort_month, reporting_month
),

last_seen as (
    select
        cohort_month,
        last_active_month,
        count(*) as last_seen_count
    from last_active_months
    group by cohort_month, last_active_month
),

cells as (
    select
        cohorts.cohort_month,
        months.reporting_month,
        (year(months.reporting_month) - year(cohorts.cohort_month)) * 12
        + month(months.reporting_month) - month(cohorts.cohort_month) as months_since_first,
        cohorts.cohort_size,
        coalesce(retained.retained_count, 0) as retained_count,
        -- Summed from the last month backwards: who was last seen here or later was retained here or later.
        sum(coalesce(last_seen.last_seen_count, 0)) over (
            partition by cohorts.cohort_month
            order by months.reporting_month nulls last
            rows between current row and unbounded following
        ) as retained_or_later_count,
        months.is_closed_month,
        months.is_followed_up
    from cohorts
    inner join months
        on cohorts.cohort_month <= months.reporting_month
    left join retained
        on
            cohorts.cohort_month = retained.cohort_month
            and months.reporting_month = retained.reporting_month
    left join last_seen
        on
            cohorts.cohort_month = last_seen.cohort_month
            and months.reporting_month = last_seen.last_active_month
),

final as (
    select
        cohort_month,
        cast(months_since_first as bigint) as months_since_first,
        reporting_month,
        cast(cohort_size as bigint) as cohort_size,
        cast(retained_count as bigint) as retained_count,
        case when is_closed_month then {{ safe_ratio('retained_count', 'cohort_size') }} end as retention_rate,
        case when is_closed_month then {{ wilson_bound('retained_count', 'cohort_size', 'low') }} end
            as retention_low_rate,
        case when is_closed_month then {{ wilson_bound('retained_count', 'cohort_size', 'high') }} end
            as retention_high_rate,
        cast(retained_or_later_count as bigint) as retained_or_later_count,
        case when is_followed_up then {{ safe_ratio('retained_or_later_count', 'cohort_size') }} end
            as rolling_retention_rate,
        case when is_followed_up then {{ wilson_bound('retained_or_later_count', 'cohort_size', 'low') }} end
            as rolling_retention_low_rate,
        case when is_followed_up then {{ wilson_bound('retained_or_later_count', 'cohort_size', 'high') }} end
            as rolling_retention_high_rate,
        is_followed_up,
        is_closed_month
    from cells
)

select * from final
