with

stg_crm__corrective_actions as (
    select * from {{ ref('stg_crm__corrective_actions') }}
),

stg_crm__defection_reviews as (
    select * from {{ ref('stg_crm__defection_reviews') }}
),

final as (
    select
        actions.action_id as action_key,
        actions.action_id,
        actions.owner_employee_id as owner_employee_key,
        actions.failure_code as failure_type_key,
        actions.cause_code as cause_key,
        actions.review_id,
        actions.title as action_title,
        cast(
            {{ dbt.datediff('reviews.held_on', 'actions.decided_on', 'day') }}
            as bigint
        ) as finding_to_decision_days,
        cast(
            {{ dbt.datediff('reviews.held_on', 'actions.done_on', 'day') }}
            as bigint
        ) as finding_to_action_days,
        cast(
            {{ dbt.datediff('actions.decided_on', 'actions.done_on', 'day') }}
            as bigint
        ) as completion_days,
        actions.done_on is not null as is_done,
        actions.done_on <= actions.due_on as is_done_on_time,
        reviews.held_on as finding_date,
        actions.decided_on as decided_date,
        actions.due_on as due_date,
        actions.done_on as done_date
    from stg_crm__corrective_actions as actions
    left join stg_crm__defection_reviews as reviews
        on actions.review_id = reviews.review_id
)

select * from final
