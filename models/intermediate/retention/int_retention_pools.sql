-- How fast customers are lost, class by class, over the trailing year: nothing of it is known later than the
-- month it is told for. A class too small to tell takes the pool of all.
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

fct_customer_classes as (
    select * from {{ ref('fct_customer_classes') }}
    where scheme = 'abcd'
),

customer_states as (
    select * from {{ ref('customer_states') }}
    where is_live
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
    where is_closed_month
),

months as (
    select
        classes.class_restated as class_code,
        months.reporting_month,
        count(*) as exposure_count,
        count(case when months.customer_state = 'defected_full' then 1 end) as lost_count
    from fct_customer_months as months
    inner join customer_states
        on months.customer_state_at_start = customer_states.customer_state
    inner join fct_customer_classes as classes
        on
            months.customer_key = classes.customer_key
            and months.reporting_month = classes.reporting_month
    where months.is_closed_month
    group by
        classes.class_restated,
        months.reporting_month
),

pooled as (
    select * from months
    union all
    select
        'all' as class_code,
        reporting_month,
        sum(exposure_count) as exposure_count,
        sum(lost_count) as lost_count
    from months
    group by reporting_month
),

classes as (
    select distinct class_code from pooled
),

final as (
    select
        classes.class_code,
        month_ends.reporting_month,
        cast(sum(coalesce(pooled.exposure_count, 0)) over (
            partition by classes.class_code
            order by month_ends.reporting_month nulls last
            rows between 11 preceding and current row
        ) as bigint) as exposure_months,
        cast(sum(coalesce(pooled.lost_count, 0)) over (
            partition by classes.class_code
            order by month_ends.reporting_month nulls last
            rows between 11 preceding and current row
        ) as bigint) as lost_count
    from classes
    cross join int_month_ends as month_ends
    left join pooled
        on
            classes.class_code = pooled.class_code
            and month_ends.reporting_month = pooled.reporting_month
)

select * from final
