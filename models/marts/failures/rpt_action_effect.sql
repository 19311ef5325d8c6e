-- One row per corrective action and kind of target: what it was meant to stop before it was decided and after
-- it was done. The test is that of rpt_failure_verdict, taken when the first months after the action are told;
-- the interval is two-sided at 95 %, the test one-sided, so an improvement may have a bound a little above 1.
with

dim_corrective_actions as (
    select * from {{ ref('dim_corrective_actions') }}
),

int_action_verdicts as (
    select * from {{ ref('int_action_verdicts') }}
),

targets as (
    {% for kind, condition in {
        'failure': 'failure_type_key is not null', 'cause': 'cause_key is not null',
        'none': 'failure_type_key is null and cause_key is null',
    }.items() -%}
    select
        action_key,
        '{{ kind }}' as target_kind
    from dim_corrective_actions
    where {{ condition }}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}
),

effects as (
    select * from int_action_verdicts
    where is_effect
),

counted as (
    select
        action_id,
        target_kind,
        after_events as events,
        after_exposure as exposure,
        before_events as other_events,
        before_exposure as other_exposure
    from effects
),

{{ add_rate_ratios('ratios', 'counted', ['action_id', 'target_kind']) }}

-- The last that was said of it before another action on the same type took over.
last_words as (
    select
        action_id,
        target_kind,
        target_code,
        known_month,
        verdict,
        row_number() over (partition by action_id, target_kind, target_code order by known_month desc nulls last)
            as word_rank
    from int_action_verdicts
    where is_latest
),

final as (
    select
        targets.action_key,
        targets.target_kind,
        case when targets.target_kind = 'failure' then actions.failure_type_key end as failure_type_key,
        case when targets.target_kind = 'cause' then actions.cause_key end as cause_key,
        actions.owner_employee_key,
        actions.decided_date,
        actions.done_date,
        actions.is_done,
        actions.finding_to_action_days,
        effects.known_month as effect_month,
        effects.is_after_complete as is_effect_complete,
        effects.baseline_from_month,
        effects.baseline_to_month,
        effects.after_from_month,
        effects.after_to_month,
        effects.before_events as baseline_event_count,
        effects.before_exposure as baseline_exposure_count,
        effects.before_per_1000 as baseline_per_1000,
        effects.before_known_share as baseline_known_share,
        effects.after_events as after_event_count,
        effects.after_exposure as after_exposure_count,
        effects.after_per_1000,
        effects.after_known_share,
        ratios.rate_ratio,
        ratios.rate_ratio_low,
        ratios.rate_ratio_high,
        effects.lower_p_value,
        effects.upper_p_value,
        effects.verdict,
        effects.is_confounded,
        last_words.known_month as last_verdict_month,
        last_words.verdict as last_verdict
    from targets
    inner join dim_corrective_actions as actions
        on targets.action_key = actions.action_key
    left join effects
        on
            targets.action_key = effects.action_id
            and targets.target_kind = effects.target_kind
    left join ratios
        on
            targets.action_key = ratios.action_id
            and targets.target_kind = ratios.target_kind
    left join last_words
        on
            effects.action_id = last_words.action_id
            and effects.target_kind = last_words.target_kind
            and effects.target_code = last_words.target_code
            and last_words.word_rank = 1
)

select * from final
