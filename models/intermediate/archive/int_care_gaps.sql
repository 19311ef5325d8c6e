-- For everybody live at the start of a month: for how long it had heard nothing from us, of our own accord and from a
-- person. Automatic mail and a look through the archive are no care. Before contacts were recorded for as long as a gap
-- is, nobody knows.
with

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
    where edition = 'as_known'
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

outbound as (
    select
        customer_key,
        reporting_month,
        max(cast(happened_at as date)) as outbound_date
    from {{ ref('fct_touchpoints') }}
    where is_human and direction = 'outbound'
    group by
        customer_key,
        reporting_month
),

starts as (
    select min(outbound_date) as first_outbound_date
    from outbound
),

live as (
    select
        classes.customer_key,
        classes.class_month as reporting_month,
        classes.core_class as customer_class
    from int_customer_classes as classes
    inner join dim_months
        on classes.class_month = dim_months.reporting_month
),

-- Months in which a customer was called and not live count for the ones after.
aligned as (
    select
        coalesce(live.customer_key, outbound.customer_key) as customer_key,
        coalesce(live.reporting_month, outbound.reporting_month) as reporting_month,
        live.customer_class,
        live.customer_key is not null as is_live,
        outbound.outbound_date
    from live
    full outer join outbound
        on
            live.customer_key = outbound.customer_key
            and live.reporting_month = outbound.reporting_month
),

followed as (
    select
        customer_key,
        reporting_month,
        customer_class,
        is_live,
        max(outbound_date) over (
            partition by customer_key
            order by reporting_month asc nulls last
            rows between unbounded preceding and 1 preceding
        ) as last_outbound_date
    from aligned
),

measured as (
    select
        followed.*,
        policies.care_gap_days,
        cast(
            {{ dbt.datediff('starts.first_outbound_date', 'followed.reporting_month', 'day') }}
            as bigint
        ) as recorded_days,
        cast(
            {{ dbt.datediff('followed.last_outbound_date', 'followed.reporting_month', 'day') }}
            as bigint
        ) as gap_days
    from followed
    cross join starts
    inner join {{ ref('int_service_policies') }} as policies
        on followed.reporting_month = policies.reporting_month
    where followed.is_live
),

final as (
    select
        customer_key,
        reporting_month,
        coalesce(customer_class, 'unclassified') as customer_class,
        last_outbound_date,
        gap_days,
        coalesce(gap_days > care_gap_days, true) as has_care_gap
    from measured
    where recorded_days > care_gap_days
)

select * from final
