with

stg_crm__corrective_actions as (
    select * from {{ ref('stg_crm__corrective_actions') }}
),

final as (
    select
        action_id as action_key,
        action_id,
        owner_employee_id as owner_employee_key,
        failure_code as failure_type_key,
        cause_code as cause_key,
        review_id,
        title as action_title,
        cast(
            {{ dbt.datediff('decided_on', 'done_on', 'day') }}
            as bigint
        ) as completion_days,
        done_on is not null as is_done,
        done_on <= due_on as is_done_on_time,
        decided_on as decided_date,
        due_on as due_date,
        done_on as done_date
    from stg_crm__corrective_actions
)

select * from final
