-- How much of a month's failures is told by now: of those of months long past, the share that had been
-- told as many days after their month. A type with few failures borrows the lag of all together.
with

int_typed_failures as (
    select * from {{ ref('int_typed_failures') }}
),

int_known_failure_types as (
    select * from {{ ref('int_known_failure_types') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
    where is_closed_month
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

closed_months as (
    select
        dim_months.reporting_month,
        dim_months.period_end_date as ended,
        calendar.data_complete_through as asked,
        policies.maturity_reference_days,
        policies.maturity_minimum_events,
        policies.mature_share
    from dim_months
    cross join int_reporting_calendar as calendar
    inner join int_failure_policies as policies
        on dim_months.reporting_month = policies.reporting_month
),

months as (
    select
        *,
        {{ dbt.datediff('ended', 'asked', 'day') }} as elapsed_days
    from closed_months
),

reference_failures as (
    select
        failures.failure_code,
        failures.reported_on as told,
        months.ended
    from int_typed_failures as failures
    inner join months
        on failures.reporting_month = months.reporting_month
    where months.elapsed_days >= months.maturity_reference_days
),

lags as (
    select
        failure_code,
        {{ dbt.datediff('ended', 'told', 'day') }} as days_after_month,
        count(*) as event_count
    from reference_failures
    group by all
),

told as (
    select
        months.reporting_month,
        lags.failure_code,
        sum(lags.event_count) as reference_count,
        sum(case when lags.days_after_month < months.elapsed_days then lags.event_count else 0 end) as told_count
    from months
    cross join lags
    where months.elapsed_days < months.maturity_reference_days
    group by all
),

told_of_all as (
    select
        reporting_month,
        sum(reference_count) as reference_count,
        sum(told_count) as told_count
    from told
    group by reporting_month
),

shared as (
    select
        types.failure_code,
        months.reporting_month,
        months.elapsed_days,
        months.mature_share,
        case
            when months.elapsed_days >= months.maturity_reference_days then cast(1 as double)
            when told.reference_count >= months.maturity_minimum_events
                then {{ safe_ratio('told.told_count', 'told.reference_count') }}
            when told_of_all.reference_count >= months.maturity_minimum_events
                then {{ safe_ratio('told_of_all.told_count', 'told_of_all.reference_count') }}
        end as maturity_share
    from months
    cross join int_known_failure_types as types
    left join told
        on months.reporting_month = told.reporting_month and types.failure_code = told.failure_code
    left join told_of_all
        on months.reporting_month = told_of_all.reporting_month
),

final as (
    select
        failure_code,
        reporting_month,
        cast(elapsed_days as bigint) as elapsed_days,
        maturity_share,
        coalesce(maturity_share >= mature_share, false) as is_mature
    from shared
)

select * from final
