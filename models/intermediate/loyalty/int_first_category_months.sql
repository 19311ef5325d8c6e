with

int_customer_category_months as (
    select * from {{ ref('int_customer_category_months') }}
    where gross_revenue > 0
),

first_months as (
    select
        customer_key,
        product_category,
        min(reporting_month) as reporting_month
    from int_customer_category_months
    group by customer_key, product_category
),

final as (
    select
        customer_key,
        reporting_month,
        cast(count(*) as bigint) as new_category_count
    from first_months
    group by customer_key, reporting_month
)

select * from final
