-- What the CRM says of the relation on the day of the warning: complaints open, last human word from us, and
-- whether the one who looked after the account has left. NULL where the CRM records nothing of the kind at all.
with

int_warning_dates as (
    select * from {{ ref('int_warning_dates') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

cases as (
    select * from {{ ref('stg_crm__cases') }}
),

fct_touchpoints as (
    select * from {{ ref('fct_touchpoints') }}
),

account_assignments as (
    select * from {{ ref('stg_crm__account_assignments') }}
),

employees as (
    select * from {{ ref('stg_crm__employees') }}
),

complaints as (
    select
        cases.account_id,
        count(*) as open_complaint_count,
        min(cast(cases.received_at as date)) as oldest_complaint_on
    from cases
    cross join int_warning_dates as dates
    where
        cases.case_type = 'complaint'
        and cases.merged_into_case_id is null
        and cast(cases.received_at as date) <= dates.warned_on
        and coalesce(cast(coalesce(cases.resolved_at, cases.closed_at) as date) > dates.warned_on, true)
    group by cases.account_id
),

contacts as (
    select
        touchpoints.customer_key,
        max(cast(touchpoints.happened_at as date)) as last_contact_on
    from fct_touchpoints as touchpoints
    cross join int_warning_dates as dates
    where
        touchpoints.is_human
        and touchpoints.direction = 'outbound'
        and cast(touchpoints.happened_at as date) <= dates.warned_on
    group by touchpoints.customer_key
),

owners as (
    select
        assignments.account_id,
        count(case when coalesce(least(assignments.assigned_to, employees.left_on) >= dates.warned_on, true) then 1 end)
            as present_owner_count
    from account_assignments as assignments
    cross join int_warning_dates as dates
    left join employees
        on assignments.employee_id = employees.employee_id
    where assignments.role = 'owner' and assignments.assigned_from <= dates.warned_on
    group by assignments.account_id
),

delivered as (
    select
        exists(select 1 from cases) as has_cases,
        exists(select 1 from fct_touchpoints) as has_activities
),

final as (
    select
        identities.customer_key,
        case
            when max(cast(delivered.has_cases as integer)) = 1
                then cast(coalesce(sum(complaints.open_complaint_count), 0) as bigint)
        end as open_complaint_count,
        min(complaints.oldest_complaint_on) as oldest_complaint_on,
        max(contacts.last_contact_on) as last_contact_on,
        max(cast(delivered.has_activities as integer)) = 1 as is_contact_recorded,
        sum(owners.present_owner_count) = 0 as is_owner_gone
    from int_account_identities as identities
    cross join delivered
    left join complaints
        on identities.account_id = complaints.account_id
    left join contacts
        on identities.customer_key = contacts.customer_key
    left join owners
        on identities.account_id = owners.account_id
    group by identities.customer_key
)

select * from final
