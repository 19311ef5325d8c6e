-- Whoever the bridge counts at the start of a month has a class in each scheme, and nobody else has.
with

classes as (
    select
        reporting_month,
        scheme,
        count(*) as customer_count
    from {{ ref('fct_customer_classes') }}
    group by
        reporting_month,
        scheme
)

select
    bridge.reporting_month,
    classes.scheme,
    classes.customer_count,
    bridge.start_customer_count
from {{ ref('rpt_customer_bridge_month') }} as bridge
left join classes
    on bridge.reporting_month = classes.reporting_month
where bridge.start_customer_count <> coalesce(classes.customer_count, 0)
