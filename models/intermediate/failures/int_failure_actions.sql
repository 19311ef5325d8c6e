-- Corrective actions that were done, by the failure types they act on: an action on a family acts on all
-- its types. What is compared is fixed by the action's own dates: whole months before it was decided, and
-- whole months after it was done. The months between are neither.
with

corrective_actions as (
    select * from {{ ref('stg_crm__corrective_actions') }}
    where done_on is not null
),

int_failure_types as (
    select * from {{ ref('int_failure_types') }}
),

acted_on as (
    select
        actions.action_id,
        types.failure_code,
        least(coalesce(actions.decided_on, actions.done_on), actions.done_on) as decided_on,
        actions.done_on
    from corrective_actions as actions
    inner join int_failure_types as named
        on actions.failure_code = named.reported_failure_code
    inner join int_failure_types as types
        on
            types.reported_failure_code = types.failure_code
            and (named.failure_code = types.failure_code or named.failure_code = types.failure_family_code)
),

final as (
    select
        action_id,
        failure_code,
        decided_on,
        done_on,
        {{ month_of('decided_on') }} as baseline_end_month,
        case
            when done_on = {{ month_of('done_on') }} then done_on
            else cast({{ dbt.dateadd('month', 1, month_of('done_on')) }} as date)
        end as after_start_month
    from acted_on
)

select * from final
