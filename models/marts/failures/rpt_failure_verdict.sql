-- One row per failure type or family and closed month, each as it was known when the month ended: what came
-- to light later changes no verdict of before. A verdict is the exact test of two Poisson rates around the
-- latest action done; without an action there is nothing to judge.
with

int_failure_signals as (
    select * from {{ ref('int_failure_signals') }}
),

int_action_verdicts as (
    select * from {{ ref('int_action_verdicts') }}
    where target_kind = 'failure' and is_latest
),

final as (
    select
        signals.failure_code as failure_type_key,
        signals.known_month as reporting_month,
        cast(signals.event_count as bigint) as event_count,
        cast(signals.exposure_count as bigint) as exposure_count,
        coalesce(signals.is_unseen_type or signals.is_above_limit or signals.is_run_above, false) as is_new,
        case
            when signals.is_unseen_type then 'unseen_type'
            when signals.is_above_limit then 'above_limit'
            when signals.is_run_above then 'run_above'
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
    from int_failure_signals as signals
    left join int_action_verdicts as verdicts
        on
            signals.failure_code = verdicts.target_code
            and signals.known_month = verdicts.known_month
)

select * from final
