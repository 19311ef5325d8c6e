with

int_customer_code_days as (
    select * from {{ ref('int_customer_code_days') }}
),

int_customer_identities as (
    select * from {{ ref('int_customer_identities') }}
    where customer_code is not null
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

reported_days as (
    select
        code_days.*,
        coalesce(identities.customer_key, code_days.customer_code) as customer_key
    from int_customer_code_days as code_days
    inner join int_reporting_calendar as calendar
        on code_days.document_date <= calendar.as_of_date
    left join int_customer_identities as identities
        on code_days.customer_code = identities.customer_code
),

customer_days as (
    select
        customer_key,
        document_date,
        reporting_month,
        cast(sum(net_revenue) as decimal(18, 4)) as net_revenue,
        cast(sum(net_revenue_constant) as decimal(18, 4)) as net_revenue_constant,
        cast(sum(gross_revenue) as decimal(18, 4)) as gross_revenue,
        cast(sum(margin) as decimal(18, 4)) as margin,
        cast(sum(costed_revenue) as decimal(18, 4)) as costed_revenue,
        cast(sum(discount) as decimal(18, 4)) as discount,
        cast(sum(order_count) as bigint) as order_count,
        cast(sum(qualifying_line_count) as bigint) as qualifying_line_count,
        sum(order_count) > 0 as is_purchase_day
    from reported_days
    group by
        customer_key,
        document_date,
        reporting_month
)

select * from customer_days
