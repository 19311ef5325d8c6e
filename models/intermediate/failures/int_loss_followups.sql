-- Customers that bought in a month and were still there at its end, and whether they were lost within the
-- time after it that is looked at. Only buyers are compared: nothing can fail who orders nothing, and who
-- orders nothing is on its way out. Months whose time is not over are not in it.
with

customer_months as (
    select * from {{ ref('fct_customer_months') }}
    where is_active
),

full_defections as (
    select * from {{ ref('fct_defections') }}
    where defected_on is not null
),

int_customer_closures as (
    select * from {{ ref('int_customer_closures') }}
),

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
    where edition = 'as_known'
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
    where is_closed_month
),

followed as (
    select
        dim_months.reporting_month,
        dim_months.period_end_date,
        policies.effect_matched_orders,
        cast(
            {{ dbt.dateadd('day', 'policies.effect_horizon_days', 'dim_months.period_end_date') }} as date
        ) as followed_to_date
    from dim_months
    inner join int_failure_policies as policies
        on dim_months.reporting_month = policies.reporting_month
),

final as (
    select
        buyers.customer_key,
        buyers.reporting_month,
        coalesce(classes.abcd_class, 'unknown') as customer_class,
        cast(least(buyers.order_count, followed.effect_matched_orders) as bigint) as matched_order_count,
        max(case when full_defections.customer_key is not null then 1 else 0 end) = 1 as is_lost,
        max(case when closures.customer_key is not null then 1 else 0 end) = 1 as is_closed_permanently
    from customer_months as buyers
    inner join followed
        on buyers.reporting_month = followed.reporting_month
    inner join int_reporting_calendar as calendar
        on followed.followed_to_date <= calendar.data_complete_through
    left join int_customer_classes as classes
        on
            buyers.customer_key = classes.customer_key
            and buyers.reporting_month = classes.class_month
    left join full_defections
        on
            buyers.customer_key = full_defections.customer_key
            and followed.period_end_date <= full_defections.effective_date
            and followed.followed_to_date > full_defections.effective_date
    left join int_customer_closures as closures
        on
            buyers.customer_key = closures.customer_key
            and followed.period_end_date <= closures.closed_on
            and followed.followed_to_date > closures.closed_on
    group by
        buyers.customer_key,
        buyers.reporting_month,
        coalesce(classes.abcd_class, 'unknown'),
        least(buyers.order_count, followed.effect_matched_orders)
)

select * from final
