-- Talks held with targets, and who held them.
with

int_interview_targets as (
    select * from {{ ref('int_interview_targets') }}
    where is_target
),

int_defection_reviews as (
    select * from {{ ref('int_defection_reviews') }}
    where is_interview and outcome = 'held'
),

stg_crm__defection_reviews as (
    select * from {{ ref('stg_crm__defection_reviews') }}
),

stg_crm__employees as (
    select * from {{ ref('stg_crm__employees') }}
),

investigation_roles as (
    select * from {{ ref('investigation_roles') }}
),

final as (
    select
        reviews.review_id,
        targets.customer_key,
        targets.episode_no,
        cast(date_trunc('quarter', targets.detected_month) as date) as detected_quarter,
        details.interviewer_id,
        coalesce(details.is_external, false) as is_external,
        roles.investigation_role
    from int_interview_targets as targets
    inner join int_defection_reviews as reviews
        on
            targets.customer_key = reviews.customer_key
            and targets.episode_no = reviews.episode_no
    inner join stg_crm__defection_reviews as details
        on reviews.review_id = details.review_id
    left join stg_crm__employees as employees
        on details.interviewer_id = employees.employee_id
    left join investigation_roles as roles
        on
            employees.level = roles.employee_level
            and coalesce(roles.employee_function, employees.function) = employees.function
)

select * from final
