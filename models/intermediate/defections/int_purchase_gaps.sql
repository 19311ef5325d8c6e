-- Orders of one day are one purchase: three invoices in a morning say nothing about rhythm.
with

int_customer_days as (
    select * from {{ ref('int_customer_days') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

horizon as (
    select
        cast({{ dbt.dateadd('day', 1, 'as_of_date') }} as date) as as_of_end_date,
        data_complete_through
    from int_reporting_calendar
),

purchase_days as (
    select
        int_customer_days.customer_key,
        int_customer_days.document_date as purchase_date,
        -- Silence is counted as far as the ledger is vouched for and the report looks, not further.
        least(
            horizon.as_of_end_date,
            coalesce(horizon.data_complete_through, horizon.as_of_end_date)
        ) as horizon_end_date
    from int_customer_days
    cross join horizon
    where int_customer_days.is_purchase_day
),

neighboured as (
    select
        customer_key,
        purchase_date,
        horizon_end_date,
        lag(purchase_date) over (
            partition by customer_key
            order by purchase_date nulls last
        ) as previous_purchase_date,
        lead(purchase_date) over (
            partition by customer_key
            order by purchase_date nulls last
        ) as next_purchase_date
    from purchase_days
),

final as (
    select
        customer_key,
        purchase_date,
        previous_purchase_date,
        next_purchase_date,
        cast(
            {{ dbt.datediff('previous_purchase_date', 'purchase_date', 'day') }}
            as bigint
        ) as gap_days,
        least(coalesce(next_purchase_date, horizon_end_date), horizon_end_date) as silence_end_date
    from neighboured
)

select * from final
