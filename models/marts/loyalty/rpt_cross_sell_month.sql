-- Customers of a year ago, this month against the same month then, so that season and newcomers are out of
-- it: what more they order, what an order is worth, and what they bought for the first time.
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

int_first_category_months as (
    select * from {{ ref('int_first_category_months') }}
),

paired as (
    select
        later.reporting_month,
        later.is_closed_month,
        later.order_count,
        later.gross_revenue,
        earlier.order_count as order_count_ly,
        earlier.gross_revenue as gross_revenue_ly,
        coalesce(categories.new_category_count, 0) as new_category_count
    from fct_customer_months as later
    inner join fct_customer_months as earlier
        on
            later.customer_key = earlier.customer_key
            and cast({{ dbt.dateadd('month', -12, 'later.reporting_month') }} as date) = earlier.reporting_month
    left join int_first_category_months as categories
        on
            later.customer_key = categories.customer_key
            and later.reporting_month = categories.reporting_month
    where earlier.first_purchase_month is not null
),

summed as (
    select
        reporting_month,
        is_closed_month,
        count(*) as customer_count,
        sum(order_count) as order_count,
        sum(order_count_ly) as order_count_ly,
        sum(gross_revenue) as gross_revenue,
        sum(gross_revenue_ly) as gross_revenue_ly,
        sum(new_category_count) as new_category_count,
        count(case when new_category_count > 0 then 1 end) as cross_sold_customer_count
    from paired
    group by reporting_month, is_closed_month
),

final as (
    select
        reporting_month,
        cast(customer_count as bigint) as customer_count,
        cast(order_count as bigint) as order_count,
        cast(order_count_ly as bigint) as order_count_ly,
        cast(gross_revenue as decimal(18, 4)) as gross_revenue,
        cast(gross_revenue_ly as decimal(18, 4)) as gross_revenue_ly,
        cast(new_category_count as bigint) as new_category_count,
        cast(cross_sold_customer_count as bigint) as cross_sold_customer_count,
        case when is_closed_month then {{ safe_ratio('cross_sold_customer_count', 'customer_count') }} end
            as cross_sold_rate,
        case when is_closed_month then {{ wilson_bound('cross_sold_customer_count', 'customer_count', 'low') }} end
            as cross_sold_low_rate,
        case when is_closed_month then {{ wilson_bound('cross_sold_customer_count', 'customer_count', 'high') }} end
            as cross_sold_high_rate,
        case when is_closed_month then {{ safe_ratio('order_count', 'order_count_ly') }} - 1 end as frequency_growth,
        case
            when is_closed_month
                then
                    {{ safe_ratio('gross_revenue', 'order_count') }}
                    / nullif({{ safe_ratio('gross_revenue_ly', 'order_count_ly') }}, 0) - 1
        end as order_value_growth,
        is_closed_month
    from summed
)

select * from final
