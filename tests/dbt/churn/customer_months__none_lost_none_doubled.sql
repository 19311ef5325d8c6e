-- Every customer with a movement has exactly one row for every month from its first movement to the
-- month reported. Expected are counted from the days, not from the spine.
with

int_customer_days as (
    select * from {{ ref('int_customer_days') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

first_movements as (
    select
        customer_key,
        min(reporting_month) as first_movement_month
    from int_customer_days
    group by customer_key
),

expected as (
    select
        first_movements.customer_key,
        count(*) as expected_month_count
    from first_movements
    inner join dim_months
        on first_movements.first_movement_month <= dim_months.reporting_month
    group by first_movements.customer_key
),

found as (
    select
        customer_key,
        count(*) as found_row_count,
        count(distinct reporting_month) as found_month_count
    from fct_customer_months
    group by customer_key
)

select
    coalesce(expected.customer_key, found.customer_key) as customer_key,
    expected.expected_month_count,
    found.found_row_count,
    found.found_month_count
from expected
full outer join found
    on expected.customer_key = found.customer_key
where
    coalesce(expected.expected_month_count, 0) <> coalesce(found.found_row_count, 0)
    or coalesce(expected.expected_month_count, 0) <> coalesce(found.found_month_count, 0)
