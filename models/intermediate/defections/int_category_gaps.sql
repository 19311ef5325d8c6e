-- Pauses between months in which a customer bought a category. A pause is established as a loss of
-- the category only where the category was bought in both of the years before it.
with

int_customer_category_months as (
    select * from {{ ref('int_customer_category_months') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

horizon as (
    select cast({{ dbt.dateadd('day', 1, 'max(evaluation_date)') }} as date) as horizon_end_date
    from int_month_ends
),

purchase_months as (
    select
        int_customer_category_months.*,
        horizon.horizon_end_date,
        year(int_customer_category_months.reporting_month) * 12
        + month(int_customer_category_months.reporting_month) as month_number
    from int_customer_category_months
    cross join horizon
    where int_customer_category_months.first_purchase_date < horizon.horizon_end_date
),

neighboured as (
    select
        customer_key,
        product_category,
        last_purchase_date,
        horizon_end_date,
        lead(first_purchase_date) over (
            partition by customer_key, product_category
            order by month_number nulls last
        ) as next_purchase_date,
        count(*) over (
            partition by customer_key, product_category
            order by month_number nulls last
            range between 23 preceding and 12 preceding
        ) > 0 as is_established,
        count(*) over (
            partition by customer_key, product_category
            order by month_number nulls last
            rows between unbounded preceding and current row
        ) - 1 as earlier_gap_count,
        min(first_purchase_date) over (
            partition by customer_key, product_category
            order by month_number nulls last
            rows between unbounded preceding and current row
        ) as bought_since_date
    from purchase_months
),

final as (
    select
        customer_key,
        product_category,
        last_purchase_date,
        next_purchase_date,
        coalesce(next_purchase_date, horizon_end_date) as silence_end_date,
        cast(
            {{ dbt.datediff('last_purchase_date', 'next_purchase_date', 'day') }}
            as bigint
        ) as gap_days,
        is_established,
        cast(earlier_gap_count as bigint) as earlier_gap_count,
        -- Known when the pause begins, so that the pause itself cannot excuse it.
        {{ safe_ratio(dbt.datediff('bought_since_date', 'last_purchase_date', 'day'), 'earlier_gap_count') }}
            as own_mean_gap_days
    from neighboured
)

select * from final
