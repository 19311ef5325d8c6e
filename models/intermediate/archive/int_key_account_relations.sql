-- How broad the relation with a key account is: over the last months, how many people were spoken to, in how many
-- roles, and how much of it went through one of us. Before contacts were recorded for as long as that nobody knows.
with

int_key_account_months as (
    select * from {{ ref('int_key_account_months') }}
),

fct_touchpoints as (
    select * from {{ ref('fct_touchpoints') }}
),

stg_crm__activities as (
    select * from {{ ref('stg_crm__activities') }}
),

stg_crm__contacts as (
    select * from {{ ref('stg_crm__contacts') }}
),

stg_crm__employees as (
    select * from {{ ref('stg_crm__employees') }}
),

int_service_policies as (
    select * from {{ ref('int_service_policies') }}
),

starts as (
    select min(reporting_month) as first_month
    from fct_touchpoints
),

spine as (
    select
        months.customer_key,
        months.reporting_month,
        months.period_end_date,
        policies.relationship_window_months,
        coalesce(
            {{ months_apart('starts.first_month', 'months.reporting_month') }}
            >= policies.relationship_window_months - 1, false
        ) as is_window_known
    from int_key_account_months as months
    cross join starts
    inner join int_service_policies as policies
        on months.reporting_month = policies.reporting_month
),

reached as (
    select
        spine.customer_key,
        spine.reporting_month,
        touchpoints.employee_key,
        activities.contact_id,
        contacts.role as contact_role,
        contacts.is_decision_maker,
        touchpoints.activity_type = 'executive_visit' or coalesce(employees.level = 'senior', false) as is_senior,
        coalesce(employees.left_on < spine.period_end_date, false) as has_rep_left,
        count(*) over (
            partition by spine.customer_key, spine.reporting_month, touchpoints.employee_key
        ) as contacts_of_rep_count
    from spine
    inner join fct_touchpoints as touchpoints
        on
            spine.customer_key = touchpoints.customer_key
            and touchpoints.is_human
            and not touchpoints.is_repeat
            and {{ months_apart('touchpoints.reporting_month', 'spine.reporting_month') }}
            between 0 and spine.relationship_window_months - 1
    inner join stg_crm__activities as activities
        on touchpoints.activity_id = activities.activity_id
    left join stg_crm__contacts as contacts
        on activities.contact_id = contacts.contact_id
    left join stg_crm__employees as employees
        on touchpoints.employee_key = employees.employee_id
),

windows as (
    select
        customer_key,
        reporting_month,
        count(*) as contact_count,
        count(distinct contact_id) as person_count,
        count(distinct contact_role) as role_count,
        count(case when is_decision_maker then 1 end) as decider_contact_count,
        count(case when is_senior then 1 end) as senior_contact_count,
        count(employee_key) as rep_contact_count,
        count(distinct employee_key) as rep_count,
        max(case when employee_key is not null then contacts_of_rep_count end) as top_rep_contact_count,
        count(case when has_rep_left then 1 end) as left_rep_contact_count
    from reached
    group by
        customer_key,
        reporting_month
),

final as (
    select
        spine.customer_key,
        spine.reporting_month,
        {% for count in [
            'contact', 'person', 'role', 'decider_contact', 'senior_contact', 'rep_contact', 'rep',
            'top_rep_contact', 'left_rep_contact',
        ] -%}
        case when spine.is_window_known then cast(coalesce(windows.{{ count }}_count, 0) as bigint) end
            as {{ count }}_count,
        {% endfor -%}
        spine.is_window_known
    from spine
    left join windows
        on
            spine.customer_key = windows.customer_key
            and spine.reporting_month = windows.reporting_month
)

select * from final
