-- Months at whose end a customer has given up a category: bought in both years before it fell silent,
-- silent for longer than nearly all its buyers are while the customer went on buying other things, and
-- not so long ago that it no longer matters. Who buys nothing at all is a matter of its own silence.
with

int_category_gaps as (
    select * from {{ ref('int_category_gaps') }}
),

int_category_thresholds as (
    select * from {{ ref('int_category_thresholds') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
),

-- The month's own threshold decides, so a category can be called back by a longer one: what is shown
-- is a warning, and not an episode to be counted.
silent_months as (
    select
        int_category_gaps.customer_key,
        int_month_ends.reporting_month,
        int_category_gaps.product_category,
        int_category_gaps.last_purchase_date,
        int_category_thresholds.threshold_days
    from int_category_gaps
    inner join int_category_thresholds
        on
            int_category_gaps.product_category = int_category_thresholds.product_category
            and int_category_gaps.last_purchase_date < int_category_thresholds.next_fiscal_year_start_date
            and int_category_gaps.silence_end_date > int_category_thresholds.fiscal_year_start_date
            and {{ dbt.datediff('int_category_gaps.last_purchase_date', 'int_category_gaps.silence_end_date', 'day') }}
            > int_category_thresholds.threshold_days
    inner join int_month_ends
        on
            int_category_thresholds.fiscal_year = int_month_ends.fiscal_year
            and int_category_gaps.silence_end_date > int_month_ends.evaluation_date
            and {{ dbt.datediff('int_category_gaps.last_purchase_date', 'int_month_ends.evaluation_date', 'day') }}
            between int_category_thresholds.threshold_days + 1 and int_category_thresholds.category_memory_days
    where int_category_gaps.is_established
),

final as (
    select
        silent_months.customer_key,
        silent_months.reporting_month,
        cast(count(*) as bigint) as silent_category_count
    from silent_months
    inner join int_customer_months
        on
            silent_months.customer_key = int_customer_months.customer_key
            and silent_months.reporting_month = int_customer_months.reporting_month
    where
        {{ dbt.datediff('silent_months.last_purchase_date', 'int_customer_months.last_purchase_date', 'day') }}
        > silent_months.threshold_days
    group by
        silent_months.customer_key,
        silent_months.reporting_month
)

select * from final
