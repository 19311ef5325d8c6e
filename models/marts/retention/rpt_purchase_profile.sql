-- What to know before calling a customer: what it buys, how often, how much at a time, and when it should be
-- back. As of the month reported.
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

int_usual_baskets as (
    select * from {{ ref('int_usual_baskets') }}
),

dim_products as (
    select * from {{ ref('dim_products') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

last_month as (
    select max(reporting_month) as reporting_month
    from int_month_ends
),

years as (
    select
        months.customer_key,
        sum(months.order_count) as order_count,
        sum(months.purchase_day_count) as purchase_day_count,
        sum(months.gross_revenue) as gross_revenue
    from fct_customer_months as months
    inner join last_month
        on months.reporting_month > cast({{ dbt.dateadd('month', -12, 'last_month.reporting_month') }} as date)
    group by months.customer_key
),

current_months as (
    select
        months.*,
        month_ends.evaluation_date,
        cast({{ dbt.dateadd('day', 'months.expected_gap_days', 'months.last_purchase_date') }} as date)
            as next_expected_date
    from fct_customer_months as months
    inner join last_month
        on months.reporting_month = last_month.reporting_month
    inner join int_month_ends as month_ends
        on months.reporting_month = month_ends.reporting_month
    where months.first_purchase_month is not null
),

final as (
    select
        current_months.customer_key,
        current_months.reporting_month,
        current_months.customer_state,
        cast(years.order_count as bigint) as order_t12_count,
        cast(years.purchase_day_count as bigint) as purchase_day_t12_count,
        cast({{ safe_ratio('years.gross_revenue', 'years.order_count') }} as decimal(18, 4)) as usual_order_amount,
        cast(current_months.expected_gap_days as bigint) as expected_gap_days,
        current_months.last_purchase_date,
        current_months.silence_days,
        current_months.next_expected_date,
        case
            when current_months.customer_state <> 'closed_permanent'
                then current_months.next_expected_date <= current_months.evaluation_date
        end as is_overdue,
        baskets.product_count as product_t12_count,
        baskets.first_product_key,
        baskets.second_product_key,
        baskets.third_product_key,
        dim_products.product_category as first_product_category,
        {{ safe_ratio('baskets.basket_revenue', 'baskets.gross_revenue') }} as basket_share
    from current_months
    inner join years
        on current_months.customer_key = years.customer_key
    left join int_usual_baskets as baskets
        on current_months.customer_key = baskets.customer_key
    left join dim_products
        on baskets.first_product_key = dim_products.product_key
)

select * from final
