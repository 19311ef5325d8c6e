-- Talks about a loss that were arranged, held or not, and who was to hold them. Of the people asked nothing is kept.
with

reviews as (
    select * from {{ ref('int_defection_reviews') }}
    where is_interview
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

int_interview_targets as (
    select * from {{ ref('int_interview_targets') }}
),

measures as (
    select
        review_id,
        count(*) as measure_count
    from {{ ref('dim_corrective_actions') }}
    where review_id is not null
    group by review_id
),

final as (
    select
        reviews.review_id,
        reviews.customer_key,
        reviews.episode_no,
        details.interviewer_id as interviewer_employee_key,
        roles.investigation_role,
        reviews.outcome,
        reviews.exit_class,
        reviews.destination_competitor_id as destination_competitor_key,
        details.is_external,
        coalesce(targets.is_target, false) as is_target,
        case when reviews.outcome = 'held' then reviews.reviewed_on <= targets.due_on end as is_in_time,
        cast(coalesce(measures.measure_count, 0) as bigint) as measure_count,
        details.scheduled_for as scheduled_date,
        details.held_on as held_date,
        targets.due_on as due_date,
        {{ month_of('reviews.reviewed_on') }} as reporting_month
    from reviews
    inner join stg_crm__defection_reviews as details
        on reviews.review_id = details.review_id
    left join stg_crm__employees as employees
        on details.interviewer_id = employees.employee_id
    left join investigation_roles as roles
        on
            employees.level = roles.employee_level
            and coalesce(roles.employee_function, employees.function) = employees.function
    left join int_interview_targets as targets
        on
            reviews.customer_key = targets.customer_key
            and reviews.episode_no = targets.episode_no
    left join measures
        on reviews.review_id = measures.review_id
)

select * from final
