-- Corrective actions that were done, by what they act on: a failure type, a cause of defection, or both. An
-- action on a family of failures acts on all its types. What is compared is fixed by the action's own dates:
-- whole months before it was decided, and whole months after it was done. The months between are neither.
with

corrective_actions as (
    select * from {{ ref('stg_crm__corrective_actions') }}
    where done_on is not null
),

int_failure_types as (
    select * from {{ ref('int_failure_types') }}
),

defection_causes as (
    select * from {{ ref('defection_causes') }}
),

acted_on as (
    select
        actions.action_id,
        'failure' as target_kind,
        types.failure_code as target_code,
        named.failure_code = types.failure_code as is_named,
        actions.decided_on,
        actions.done_on
    from corrective_actions as actions
    inner join int_failure_types as named
        on actions.failure_code = named.reported_failure_code
    inner join int_failure_types as types
        on
            types.reported_failure_code = types.failure_code
            and (named.failure_code = types.failure_code or named.failure_code = types.failure_family_code)

    union all

    select
        actions.action_id,
        'cause' as target_kind,
        coalesce(causes.replaced_by_code, causes.cause_code) as target_code,
        true as is_named,
        actions.decided_on,
        actions.done_on
    from corrective_actions as actions
    inner join defection_causes as causes
        on actions.cause_code = causes.cause_code
),

dated as (
    select
        action_id,
        target_kind,
        target_code,
        is_named,
        least(coalesce(decided_on, done_on), done_on) as decided_on,
        done_on
    from acted_on
),

final as (
    select
        action_id,
        target_kind,
        target_code,
        is_named,
        decided_on,
        done_on,
        {{ month_of('decided_on') }} as baseline_end_month,
        case
            when done_on = {{ month_of('done_on') }} then done_on
            else cast({{ dbt.dateadd('month', 1, month_of('done_on')) }} as date)
        end as after_start_month
    from dated
)

select * from final
