-- A merge into a code that no list knows is not followed: the customer would vanish. Somebody has to
-- say who took it over.
{{ config(severity='warn') }}

with

int_customers_corrected as (
    select * from {{ ref('int_customers_corrected') }}
),

lost as (
    select
        customers.customer_code,
        customers.merged_into_code
    from int_customers_corrected as customers
    left join int_customers_corrected as survivors
        on customers.merged_into_code = survivors.customer_code
    where customers.merged_into_code is not null and survivors.customer_code is null
)

select * from lost
