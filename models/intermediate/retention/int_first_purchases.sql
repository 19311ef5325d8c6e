with

int_customer_days as (
    select * from {{ ref('int_customer_days') }}
    where is_purchase_day
),

first_dates as (
    select
        customer_key,
        min(document_date) as first_purchase_date
    from int_customer_days
    group by customer_key
),

final as (
    select
        days.customer_key,
        days.document_date as first_purchase_date,
        days.reporting_month as first_purchase_month,
        days.order_count,
        days.gross_revenue
    from int_customer_days as days
    inner join first_dates
        on
            days.customer_key = first_dates.customer_key
            and days.document_date = first_dates.first_purchase_date
)

select * from final
