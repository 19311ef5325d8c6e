-- What was known of a month when a later one ended. Without it, what came to light later would be found in
-- the month it happened in, before anybody could have known.
{%- set months_between = '(year({0}) - year({1})) * 12 + month({0}) - month({1})' %}
with

int_typed_failures as (
    select * from {{ ref('int_typed_failures') }}
),

int_failure_counts as (
    select * from {{ ref('int_failure_counts') }}
    where cut = 'total'
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
    where is_closed_month
),

told as (
    select
        failure_code,
        reporting_month,
        {{ months_between.format('reported_on', 'reporting_month') }} as months_late,
        count(*) as event_count
    from int_typed_failures
    group by all
),

told_shares as (
    select
        failure_code,
        months_late,
        {{ safe_ratio(
            'sum(sum(event_count)) over (partition by failure_code order by months_late asc nulls last)',
            'sum(sum(event_count)) over (partition by failure_code)'
        ) }} as told_share
    from told
    group by
        failure_code,
        months_late
),

-- How many months late a type is told until enough of it is.
lags as (
    select
        shares.failure_code,
        policies.reporting_month,
        min(shares.months_late) as lag_months
    from told_shares as shares
    inner join int_failure_policies as policies
        on shares.told_share >= policies.mature_share
    group by
        shares.failure_code,
        policies.reporting_month
),

final as (
    select
        counts.failure_code,
        asked.reporting_month as known_month,
        counts.reporting_month,
        counts.exposure_count,
        coalesce(max(lags.lag_months), 0) as lag_months,
        cast(coalesce(sum(told.event_count), 0) as bigint) as event_count
    from int_failure_counts as counts
    inner join dim_months as asked
        on counts.reporting_month <= asked.reporting_month
    inner join dim_months as closed_months
        on counts.reporting_month = closed_months.reporting_month
    left join lags
        on
            counts.failure_code = lags.failure_code
            and asked.reporting_month = lags.reporting_month
    left join told
        on
            counts.failure_code = told.failure_code
            and counts.reporting_month = told.reporting_month
            and told.months_late <= {{ months_between.format('asked.reporting_month', 'counts.reporting_month') }}
    group by
        counts.failure_code,
        asked.reporting_month,
        counts.reporting_month,
        counts.exposure_count
)

select * from final
