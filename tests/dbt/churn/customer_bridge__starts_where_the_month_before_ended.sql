-- No customer is lost or found between two months, and the first month starts with nobody.
with

rpt_customer_bridge_month as (
    select * from {{ ref('rpt_customer_bridge_month') }}
),

neighboured as (
    select
        reporting_month,
        start_customer_count,
        coalesce(
            lag(end_customer_count) over (order by reporting_month nulls last),
            0
        ) as end_of_month_before_count
    from rpt_customer_bridge_month
)

select *
from neighboured
where start_customer_count <> end_of_month_before_count
