with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

dim_customers as (
    select * from {{ ref('dim_customers') }}
),

int_first_purchases as (
    select * from {{ ref('int_first_purchases') }}
),

orders as (
    select
        reporting_month,
        sum(order_count) as order_count,
        sum(gross_revenue) as gross_revenue
    from fct_customer_months
    where is_active
    group by reporting_month
),

first_orders as (
    select
        firsts.first_purchase_month as reporting_month,
        sum(firsts.order_count) as first_order_count,
        sum(firsts.gross_revenue) as first_gross_revenue,
        sum(case when dim_customers.is_history_truncated then firsts.order_count else 0 end)
            as truncated_order_count
    from int_first_purchases as firsts
    left join dim_customers
        on firsts.customer_key = dim_customers.customer_key
    -- Who was a part of another customer had bought before.
    where dim_customers.split_from_customer_key is null
    group by firsts.first_purchase_month
),

counted as (
    select
        dim_months.reporting_month,
        dim_months.is_closed_month,
        coalesce(orders.order_count, 0) as order_count,
        coalesce(orders.order_count, 0) - coalesce(first_orders.first_order_count, 0) as repeat_order_count,
        coalesce(first_orders.truncated_order_count, 0) as truncated_order_count,
        coalesce(orders.gross_revenue, 0) as gross_revenue,
        coalesce(orders.gross_revenue, 0) - coalesce(first_orders.first_gross_revenue, 0) as repeat_gross_revenue
    from dim_months
    left join orders
        on dim_months.reporting_month = orders.reporting_month
    left join first_orders
        on dim_months.reporting_month = first_orders.reporting_month
),

final as (
    select
        reporting_month,
        cast(order_count as bigint) as order_count,
        cast(repeat_order_count as bigint) as repeat_order_count,
        cast(truncated_order_count as bigint) as truncated_order_count,
        case when is_closed_month then {{ safe_ratio('repeat_order_count', 'order_count') }} end
            as repeat_order_share,
        case when is_closed_month then {{ wilson_bound('repeat_order_count', 'order_count', 'low') }} end
            as repeat_order_low_share,
        case when is_closed_month then {{ wilson_bound('repeat_order_count', 'order_count', 'high') }} end
            as repeat_order_high_share,
        cast(gross_revenue as decimal(18, 4)) as gross_revenue_amount,
        cast(repeat_gross_revenue as decimal(18, 4)) as repeat_gross_revenue_amount,
        case when is_closed_month then {{ safe_ratio('repeat_gross_revenue', 'gross_revenue') }} end
            as repeat_revenue_share,
        is_closed_month
    from counted
)

select * from final
