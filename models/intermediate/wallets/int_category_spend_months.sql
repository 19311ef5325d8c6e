-- What customers with a wallet spent with us on the wallet's category. Dense, because a month without
-- orders is a month of zero; only for customers and categories whose wallet anybody has ever named.
with

int_wallets as (
    select * from {{ ref('int_wallets') }}
),

int_customer_category_months as (
    select * from {{ ref('int_customer_category_months') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

watched as (
    select distinct
        customer_key,
        product_category
    from int_wallets
),

filled as (
    select
        watched.customer_key,
        watched.product_category,
        int_month_ends.reporting_month,
        int_month_ends.ledger_month_number,
        int_month_ends.is_closed_month,
        coalesce(category_months.net_revenue_constant, 0) as net_revenue_constant
    from watched
    cross join int_month_ends
    left join int_customer_category_months as category_months
        on
            watched.customer_key = category_months.customer_key
            and watched.product_category = category_months.product_category
            and int_month_ends.reporting_month = category_months.reporting_month
),

summed as (
    select
        customer_key,
        product_category,
        reporting_month,
        ledger_month_number,
        is_closed_month,
        net_revenue_constant,
        sum(net_revenue_constant) over (
            partition by customer_key, product_category
            order by reporting_month nulls last
            rows between 11 preceding and current row
        ) as net_revenue_t12
    from filled
),

final as (
    select
        customer_key,
        product_category,
        reporting_month,
        cast(net_revenue_constant as decimal(18, 4)) as net_revenue_constant,
        -- NULL where the window begins before the ledger does, or ends before its month does.
        case when ledger_month_number >= 12 and is_closed_month then cast(net_revenue_t12 as decimal(18, 4)) end
            as net_revenue_t12
    from summed
)

select * from final
