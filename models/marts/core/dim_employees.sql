-- Names stay in staging: published marts carry no personal data.
with

stg_crm__employees as (
    select * from {{ ref('stg_crm__employees') }}
),

fct_invoice_lines as (
    select * from {{ ref('fct_invoice_lines') }}
),

stg_crm__account_assignments as (
    select * from {{ ref('stg_crm__account_assignments') }}
),

stg_crm__activities as (
    select * from {{ ref('stg_crm__activities') }}
),

stg_crm__defection_reviews as (
    select * from {{ ref('stg_crm__defection_reviews') }}
),

stg_crm__corrective_actions as (
    select * from {{ ref('stg_crm__corrective_actions') }}
),

-- A company without a CRM still credits documents to employees.
all_ids as (
    select employee_id from stg_crm__employees
    union
    select sales_employee_key as employee_id from fct_invoice_lines
    where sales_employee_key is not null
    union
    select employee_id from stg_crm__account_assignments
    union
    select employee_id from stg_crm__activities
    where employee_id is not null
    union
    select interviewer_id as employee_id from stg_crm__defection_reviews
    where interviewer_id is not null
    union
    select owner_employee_id as employee_id from stg_crm__corrective_actions
    where owner_employee_id is not null
),

final as (
    select
        all_ids.employee_id as employee_key,
        all_ids.employee_id,
        employees.team,
        employees.function as job_function,
        employees.level as job_level,
        employees.employee_id is not null as is_listed,
        employees.hired_on as hired_date,
        employees.left_on as left_date
    from all_ids
    left join stg_crm__employees as employees
        on all_ids.employee_id = employees.employee_id
)

select * from final
