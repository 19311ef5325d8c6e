-- The day at whose end a month is judged. Where the ledger stops inside the month that is its last
-- vouched-for day: nobody falls silent because a file has not arrived.
with

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

final as (
    select
        dim_months.reporting_month,
        dim_months.period_end_date,
        dim_months.fiscal_year,
        dim_months.is_closed_month,
        int_reporting_calendar.data_complete_through,
        cast(
            {{ dbt.dateadd(
                'day', -1,
                'least(dim_months.period_end_date,'
                ~ ' coalesce(int_reporting_calendar.data_complete_through, dim_months.period_end_date))'
            ) }} as date
        ) as evaluation_date,
        (year(dim_months.reporting_month) - year(int_reporting_calendar.first_month)) * 12
        + month(dim_months.reporting_month) - month(int_reporting_calendar.first_month) + 1 as ledger_month_number
    from dim_months
    cross join int_reporting_calendar
)

select * from final
