with

int_customer_code_category_months as (
    select * from {{ ref('int_customer_code_category_months') }}
),

int_customer_identities as (
    select * from {{ ref('int_customer_identities') }}
    where customer_code is not null
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

final as (
    select
        coalesce(identities.customer_key, code_months.customer_code) as customer_key,
        code_months.product_category,
        code_months.reporting_month,
        min(code_months.first_purchase_date) as first_purchase_date,
        max(code_months.last_purchase_date) as last_purchase_date,
        cast(sum(code_months.gross_revenue) as decimal(18, 4)) as gross_revenue,
        cast(sum(code_months.net_revenue_constant) as decimal(18, 4)) as net_revenue_constant
    from int_customer_code_category_months as code_months
    inner join int_reporting_calendar as calendar
        on code_months.reporting_month <= calendar.as_of_month
    left join int_customer_identities as identities
        on code_months.customer_code = identities.customer_code
    group by
        coalesce(identities.customer_key, code_months.customer_code),
        code_months.product_category,
        code_months.reporting_month
)

select * from final
