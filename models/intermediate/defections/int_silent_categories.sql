-- Months at whose end a customer has given up a category: bought in both years before it fell silent,
-- silent for longer than its buyers ever are, and not so long ago that it no longer matters.
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

-- The month's own threshold decides, so a category can be called back by a longer one: what is shown
-- is a warning, and not an episode to be counted.
silent_months as (
    select distinct
        int_category_gaps.customer_key,
        int_month_ends.reporting_month,
        int_category_gaps.product_category
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
        customer_key,
        reporting_month,
        cast(count(*) as bigint) as silent_category_count
    from silent_months
    group by
        customer_key,
        reporting_month
)

select * from final
