-- What each customer bought most of in the trailing year.
with

product_months as (
    select * from {{ ref('int_customer_code_product_months') }}
),

int_customer_identities as (
    select * from {{ ref('int_customer_identities') }}
    where customer_code is not null
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

products as (
    select
        coalesce(identities.customer_key, product_months.customer_code) as customer_key,
        product_months.product_key,
        sum(product_months.gross_revenue) as gross_revenue
    from product_months
    inner join int_reporting_calendar as calendar
        on
            product_months.reporting_month <= calendar.as_of_month
            and product_months.reporting_month > cast({{ dbt.dateadd('month', -12, 'calendar.as_of_month') }} as date)
    left join int_customer_identities as identities
        on product_months.customer_code = identities.customer_code
    where product_months.qualifying_line_count > 0
    group by
        coalesce(identities.customer_key, product_months.customer_code),
        product_months.product_key
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_key
            order by gross_revenue desc nulls last, product_key nulls last
        ) as product_rank
    from products
),

final as (
    select
        customer_key,
        cast(count(*) as bigint) as product_count,
        max(case when product_rank = 1 then product_key end) as first_product_key,
        max(case when product_rank = 2 then product_key end) as second_product_key,
        max(case when product_rank = 3 then product_key end) as third_product_key,
        cast(sum(case when product_rank <= 3 then gross_revenue else 0 end) as decimal(18, 4)) as basket_revenue,
        cast(sum(gross_revenue) as decimal(18, 4)) as gross_revenue
    from ranked
    group by customer_key
)

select * from final
