-- The lives of every customer that returned at least once: the first from the first order to the first
-- loss, each later one from a return to the next loss.
with

int_win_backs as (
    select * from {{ ref('int_win_backs') }}
),

int_customer_days as (
    select * from {{ ref('int_customer_days') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

returned_customers as (
    select customer_key
    from int_win_backs
    where returned_on is not null
    group by customer_key
),

first_purchases as (
    select
        days.customer_key,
        min(case when days.is_purchase_day then days.document_date end) as first_purchase_date
    from int_customer_days as days
    inner join returned_customers
        on days.customer_key = returned_customers.customer_key
    group by days.customer_key
),

starts as (
    select
        customer_key,
        cast(1 as bigint) as lifetime_no,
        first_purchase_date as started_on,
        cast(null as date) as away_since,
        cast(null as boolean) as is_attributed,
        cast(null as boolean) as is_won_back
    from first_purchases

    union all

    select
        customer_key,
        episode_no + 1 as lifetime_no,
        returned_on as started_on,
        effective_date as away_since,
        is_attributed,
        is_won_back
    from int_win_backs
    where returned_on is not null
),

final as (
    select
        starts.customer_key,
        starts.lifetime_no,
        starts.started_on,
        losses.effective_date as lost_on,
        -- A life that goes on is known up to the last day the ledger vouches for.
        coalesce(
            losses.effective_date,
            least(
                coalesce(calendar.data_complete_through, calendar.as_of_date),
                cast({{ dbt.dateadd('day', 1, 'calendar.as_of_date') }} as date)
            )
        ) as observed_until,
        starts.away_since,
        starts.is_attributed,
        starts.is_won_back
    from starts
    cross join int_reporting_calendar as calendar
    left join int_win_backs as losses
        on
            starts.customer_key = losses.customer_key
            and starts.lifetime_no = losses.episode_no
)

select * from final
