-- Dense: from the first movement of a customer every month has a row, because a month without orders
-- is a month of zero and not a month that did not happen. Windows count rows as months for that reason.
with

int_customer_days as (
    select * from {{ ref('int_customer_days') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

movements as (
    select
        customer_key,
        reporting_month,
        sum(net_revenue) as net_revenue,
        sum(net_revenue_constant) as net_revenue_constant,
        sum(gross_revenue) as gross_revenue,
        sum(margin) as margin,
        sum(costed_revenue) as costed_revenue,
        sum(discount) as discount,
        sum(order_count) as order_count,
        count(case when is_purchase_day then 1 end) as purchase_day_count,
        min(case when is_purchase_day then document_date end) as first_purchase_date,
        max(case when is_purchase_day then document_date end) as last_purchase_date
    from int_customer_days
    group by
        customer_key,
        reporting_month
),

first_movements as (
    select
        customer_key,
        min(reporting_month) as first_movement_month
    from movements
    group by customer_key
),

spine as (
    select
        first_movements.customer_key,
        int_month_ends.reporting_month,
        int_month_ends.evaluation_date,
        int_month_ends.fiscal_year,
        int_month_ends.is_closed_month,
        int_month_ends.ledger_month_number,
        int_month_ends.data_complete_through
    from first_movements
    inner join int_month_ends
        on first_movements.first_movement_month <= int_month_ends.reporting_month
),

filled as (
    select
        spine.*,
        movements.first_purchase_date,
        movements.last_purchase_date,
        cast(coalesce(movements.net_revenue, 0) as decimal(18, 4)) as net_revenue,
        cast(coalesce(movements.net_revenue_constant, 0) as decimal(18, 4)) as net_revenue_constant,
        cast(coalesce(movements.gross_revenue, 0) as decimal(18, 4)) as gross_revenue,
        cast(movements.margin as decimal(18, 4)) as margin,
        cast(coalesce(movements.costed_revenue, 0) as decimal(18, 4)) as costed_revenue,
        cast(movements.discount as decimal(18, 4)) as discount,
        cast(coalesce(movements.order_count, 0) as bigint) as order_count,
        cast(coalesce(movements.purchase_day_count, 0) as bigint) as purchase_day_count
    from spine
    left join movements
        on
            spine.customer_key = movements.customer_key
            and spine.reporting_month = movements.reporting_month
),

final as (
    select
        customer_key,
        reporting_month,
        evaluation_date,
        fiscal_year,
        is_closed_month,
        data_complete_through,
        net_revenue,
        net_revenue_constant,
        gross_revenue,
        margin,
        costed_revenue,
        discount,
        order_count,
        purchase_day_count,
        {% set trailing = "over (partition by customer_key order by reporting_month nulls last rows between" -%}
        cast(sum(net_revenue_constant) {{ trailing }} 2 preceding and current row) as decimal(18, 4)) as net_revenue_t3,
        cast(sum(net_revenue_constant) {{ trailing }} 11 preceding and current row) as decimal(18, 4))
            as net_revenue_t12,
        -- NULL where the window begins before the ledger does: unknown is not zero.
        case when ledger_month_number >= 15 then cast(
            coalesce(sum(net_revenue_constant) {{ trailing }} 14 preceding and 12 preceding), 0) as decimal(18, 4)
        ) end as net_revenue_t3_ly,
        case when ledger_month_number >= 24 then cast(
            coalesce(sum(net_revenue_constant) {{ trailing }} 23 preceding and 12 preceding), 0) as decimal(18, 4)
        ) end as net_revenue_t12_ly,
        cast(sum(margin) {{ trailing }} 11 preceding and current row) as decimal(18, 4)) as margin_t12,
        cast(least(ledger_month_number, 12) as bigint) as trailing_month_count,
        min(first_purchase_date) {{ trailing }} unbounded preceding and current row) as first_purchase_date,
        max(last_purchase_date) {{ trailing }} unbounded preceding and current row) as last_purchase_date
    from filled
)

select * from final
