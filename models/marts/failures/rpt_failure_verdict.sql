-- One row per failure type or family and closed month, each as it was known when the month ended: what came
-- to light later changes no verdict of before. A verdict is the exact test of two Poisson rates around the
-- latest action done; without an action there is nothing to judge.
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

int_failure_verdicts as (
    select * from {{ ref('int_failure_verdicts') }}
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
    where
        (year(known.known_month) - year(known.reporting_month)) * 12
        + month(known.known_month) - month(known.reporting_month) <= policies.new_type_quiet_months
    group by
        known.failure_code,
        known.known_month
),

judged as (
    select
        seen.*,
        seen.earlier_count = 0
        and seen.event_count >= policies.new_type_minimum_events
        -- A year in which nobody would have told of it is no year without it.
        and (year(seen.known_month) - year(types.known_from_month)) * 12
        + month(seen.known_month) - month(types.known_from_month) >= policies.new_type_quiet_months as is_unseen_type,
        seen.event_count >= policies.signal_minimum_events
        and {{ safe_ratio('seen.event_count', 'seen.exposure_count') }} > {{ u_chart_limit(
            'charts.centre', 'seen.exposure_count', 'policies.chart_sigmas', 'charts.sigma_z', 'high'
        ) }} as is_above_limit,
        seen.event_count >= policies.signal_minimum_events and runs.is_run_above as is_run_above
    from seen
    inner join int_known_failure_types as types
        on seen.failure_code = types.failure_code
    inner join int_failure_policies as policies
        on seen.known_month = policies.reporting_month
    left join int_failure_charts as charts
        on
            seen.failure_code = charts.failure_code
            and seen.known_month = charts.reporting_month
    left join int_failure_runs as runs
        on
            seen.failure_code = runs.failure_code
            and seen.known_month = runs.reporting_month
),

final as (
    select
        judged.failure_code as failure_type_key,
        judged.known_month as reporting_month,
        cast(judged.event_count as bigint) as event_count,
        cast(judged.exposure_count as bigint) as exposure_count,
        coalesce(judged.is_unseen_type or judged.is_above_limit or judged.is_run_above, false) as is_new,
        case
            when judged.is_unseen_type then 'unseen_type'
            when judged.is_above_limit then 'above_limit'
            when judged.is_run_above then 'run_above'
        end as new_rule,
        verdicts.action_id as action_key,
        verdicts.done_on as action_done_date,
        verdicts.baseline_from_month,
        verdicts.baseline_to_month,
        verdicts.after_from_month,
        verdicts.after_to_month,
        verdicts.before_events as baseline_event_count,
        verdicts.before_exposure as baseline_exposure_count,
        verdicts.before_per_1000 as baseline_per_1000,
        verdicts.after_events as after_event_count,
        verdicts.after_exposure as after_exposure_count,
        verdicts.after_per_1000,
        verdicts.after_low_per_1000,
        verdicts.after_high_per_1000,
        verdicts.expected_events as expected_event_count,
        verdicts.lower_p_value,
        verdicts.upper_p_value,
        verdicts.verdict,
        verdicts.is_confounded
    from judged
    left join int_failure_verdicts as verdicts
        on
            judged.failure_code = verdicts.failure_code
            and judged.known_month = verdicts.known_month
)

select * from final
