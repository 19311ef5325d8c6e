-- Who is live when a quarter begins, the team of whoever looked after it on that day, and what has become of it at the
-- quarter's end. The latest assignment speaks; one that had ended leaves the customer without a team.
with

int_churn_bases as (
    select * from {{ ref('int_churn_bases') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

account_assignments as (
    select * from {{ ref('stg_crm__account_assignments') }}
    where role = 'owner'
),

key_account_classes as (
    select * from {{ ref('fct_customer_classes') }}
    where scheme = 'key_account'
),

employees as (
    select * from {{ ref('stg_crm__employees') }}
),

live as (
    select
        int_churn_bases.customer_key,
        int_churn_bases.reporting_month as quarter_month,
        case
            when classes.class_as_known not in ('unclassified', 'unknown_history')
                then classes.class_as_known = 'key_account'
        end as is_key_account,
        int_churn_bases.is_full_after_quarter as is_lost,
        int_churn_bases.is_closed_after_quarter as is_closed_permanently
    from int_churn_bases
    inner join dim_months
        on int_churn_bases.reporting_month = dim_months.reporting_month
    left join key_account_classes as classes
        on
            int_churn_bases.customer_key = classes.customer_key
            and int_churn_bases.reporting_month = classes.reporting_month
    where dim_months.reporting_month = dim_months.fiscal_quarter_start_date
),

assignments as (
    select
        identities.customer_key,
        account_assignments.assigned_from,
        account_assignments.assigned_to,
        account_assignments.employee_id,
        employees.team
    from account_assignments
    inner join int_account_identities as identities
        on account_assignments.account_id = identities.account_id
    left join employees
        on account_assignments.employee_id = employees.employee_id
),

ranked as (
    select
        live.*,
        case when coalesce(assignments.assigned_to >= live.quarter_month, true) then assignments.team end as team,
        row_number() over (
            partition by live.customer_key, live.quarter_month
            order by assignments.assigned_from desc nulls last, assignments.employee_id asc nulls last
        ) as assignment_rank
    from live
    left join assignments
        on
            live.customer_key = assignments.customer_key
            and live.quarter_month >= assignments.assigned_from
),

final as (
    select
        customer_key,
        quarter_month,
        team,
        is_key_account,
        coalesce(is_lost, false) as is_lost,
        coalesce(is_closed_permanently, false) as is_closed_permanently
    from ranked
    where assignment_rank = 1
)

select * from final
