-- Months at whose end a customer has given up a category: bought in both years before it fell silent,
-- silent for longer than nearly all its buyers are and than is in its own character while the customer
-- went on buying other things, and not so long ago that it no longer matters. Who buys nothing at all is
-- a matter of its own silence.
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

int_purchase_gaps as (
    select * from {{ ref('int_purchase_gaps') }}
),

latest_purchases as (
    select
        customer_key,
        purchase_date as latest_purchase_date
    from int_purchase_gaps
    where next_purchase_date is null
),

given_up as (
    select
        int_category_gaps.*,
        latest_purchases.latest_purchase_date
    from int_category_gaps
    inner join latest_purchases
        on int_category_gaps.customer_key = latest_purchases.customer_key
    where int_category_gaps.is_established
),

-- The pauses of the category's buyers and the customer's own both decide, as they do for the customer as a
-- whole: what one of several buyers can do without for long says little about a buyer of every month.
judged as (
    select
        given_up.customer_key,
        given_up.product_category,
        given_up.last_purchase_date,
        given_up.silence_end_date,
        given_up.latest_purchase_date,
        int_category_thresholds.fiscal_year,
        int_category_thresholds.category_memory_days,
        greatest(
            int_category_thresholds.threshold_days,
            cast(round(int_category_thresholds.category_own_gap_factor * given_up.own_mean_gap_days, 0) as bigint)
        ) as threshold_days
    from given_up
    inner join int_category_thresholds
        on
            given_up.product_category = int_category_thresholds.product_category
            and given_up.last_purchase_date < int_category_thresholds.next_fiscal_year_start_date
            and given_up.silence_end_date > int_category_thresholds.fiscal_year_start_date
            and given_up.earlier_gap_count >= int_category_thresholds.own_minimum_gap_count
            and {{ dbt.datediff('given_up.last_purchase_date', 'given_up.silence_end_date', 'day') }}
            > int_category_thresholds.threshold_days
),

-- Who has left altogether is dropped here, before its months multiply. The month's own threshold decides,
-- so a category can be called back by a longer one: what is shown is a warning and no episode.
silent_months as (
    select
        judged.customer_key,
        int_month_ends.reporting_month,
        judged.last_purchase_date,
        judged.threshold_days
    from judged
    inner join int_month_ends
        on
            judged.fiscal_year = int_month_ends.fiscal_year
            and judged.silence_end_date > int_month_ends.evaluation_date
            and {{ dbt.datediff('judged.last_purchase_date', 'int_month_ends.evaluation_date', 'day') }}
            between judged.threshold_days + 1 and judged.category_memory_days
    where
        {{ dbt.datediff('judged.last_purchase_date', 'judged.latest_purchase_date', 'day') }}
        > judged.threshold_days
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
