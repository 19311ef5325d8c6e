-- Who a customer was when a month began. Grouped by what it became, customers that were downgraded for
-- complaining would take their failures with them.
with

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_customers_described as (
    select * from {{ ref('int_customers_described') }}
    where not coalesce(is_internal, false)
),

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
    where edition = 'as_known'
),

final as (
    select
        customers.customer_key,
        dim_months.reporting_month,
        coalesce(classes.abcd_class, 'unknown') as customer_class,
        coalesce(customers.region, 'unknown') as region
    from int_customers_described as customers
    cross join dim_months
    left join int_customer_classes as classes
        on
            customers.customer_key = classes.customer_key
            and dim_months.reporting_month = classes.class_month
)

select * from final
