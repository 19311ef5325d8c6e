-- The signs of a new problem, by type or family, as known when each month ended. A family is new by its own
-- history alone: what a new type brings into a family that has had failures before is told once, by the type.
with

int_failure_months_known as (
    select * from {{ ref('int_failure_months_known') }}
),

int_known_failure_types as (
    select * from {{ ref('int_known_failure_types') }}
),

int_failure_charts as (
    select * from {{ ref('int_failure_charts') }}
    where cut = 'total'
),

int_failure_runs as (
    select * from {{ ref('int_failure_runs') }}
    where cut = 'total'
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

seen as (
    select
        known.failure_code,
        known.known_month,
        sum(case when known.reporting_month = known.known_month then known.event_count else 0 end) as event_count,
        sum(case when known.reporting_month = known.known_month then known.exposure_count else 0 end)
            as exposure_count,
        sum(case when known.reporting_month < known.known_month then known.event_count else 0 end) as earlier_count
    from int_failure_months_known as known
    inner join int_failure_policies as policies
        on known.known_month = policies.reporting_month
    where {{ months_apart('known.reporting_month', 'known.known_month') }} <= policies.new_type_quiet_months
    group by all
),

unseen as (
    select
        seen.*,
        types.failure_family_code,
        policies.new_type_quiet_months,
        seen.earlier_count = 0
        and seen.event_count >= policies.new_type_minimum_events
        -- A year in which nobody would have told of it is no year without it.
        and {{ months_apart('types.known_from_month', 'seen.known_month') }}
        >= policies.new_type_quiet_months as is_unseen_type
    from seen
    inner join int_known_failure_types as types
        on seen.failure_code = types.failure_code
    inner join int_failure_policies as policies
        on seen.known_month = policies.reporting_month
),

aged as (
    select
        *,
        max(case when is_unseen_type then known_month end) over (
            partition by failure_code
            order by known_month asc nulls last
            rows between unbounded preceding and current row
        ) as last_unseen_month
    from unseen
),

-- For a year after it turned up a type is no part of what its family has always had, unless both are new.
young_types as (
    select
        failure_family_code,
        known_month,
        sum(event_count) as event_count
    from aged
    where
        failure_code <> failure_family_code
        and {{ months_apart('last_unseen_month', 'known_month') }} <= new_type_quiet_months
    group by all
),

{% set own_events -%}
    (aged.event_count - case
        when {{ months_apart('aged.last_unseen_month', 'aged.known_month') }} <= aged.new_type_quiet_months then 0
        else coalesce(young_types.event_count, 0) end)
{%- endset -%}
final as (
    select
        aged.failure_code,
        aged.known_month,
        aged.event_count,
        aged.exposure_count,
        aged.is_unseen_type,
        {{ own_events }} >= policies.signal_minimum_events
        and {{ safe_ratio(own_events, 'aged.exposure_count') }} > {{ u_chart_limit(
            'charts.centre', 'aged.exposure_count', 'policies.chart_sigmas', 'charts.sigma_z', 'high'
        ) }} as is_above_limit,
        {{ own_events }} >= policies.signal_minimum_events
        and runs.is_run_above
        and (young_types.event_count is null or {{ safe_ratio(own_events, 'aged.exposure_count') }} > charts.centre)
            as is_run_above
    from aged
    inner join int_failure_policies as policies
        on aged.known_month = policies.reporting_month
    left join young_types
        on
            aged.failure_code = young_types.failure_family_code
            and aged.known_month = young_types.known_month
    left join int_failure_charts as charts
        on
            aged.failure_code = charts.failure_code
            and aged.known_month = charts.reporting_month
    left join int_failure_runs as runs
        on
            aged.failure_code = runs.failure_code
            and aged.known_month = runs.reporting_month
)

select * from final
