-- Who looked after the customer on the first day of the month in which the loss began: blame follows
-- the calendar and not today's list. Nobody is not unknown: an account may have had an owner once
-- (cleared) or never (unassigned).
with

int_defections as (
    select * from {{ ref('int_defections') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

account_assignments as (
    select * from {{ ref('stg_crm__account_assignments') }}
),

customer_assignments as (
    select
        int_account_identities.customer_key,
        account_assignments.employee_id,
        account_assignments.assigned_from,
        account_assignments.assigned_to
    from account_assignments
    inner join int_account_identities
        on account_assignments.account_id = int_account_identities.account_id
    where account_assignments.role = 'owner'
),

known_customers as (
    select distinct customer_key
    from int_account_identities
),

ranked as (
    select
        int_defections.customer_key,
        int_defections.episode_no,
        int_defections.began_month,
        known_customers.customer_key is not null as has_account,
        assignments.employee_id,
        assignments.assigned_from,
        assignments.assigned_to,
        row_number() over (
            partition by int_defections.customer_key, int_defections.episode_no
            order by assignments.assigned_from desc nulls last, assignments.employee_id asc nulls last
        ) as assignment_rank
    from int_defections
    left join known_customers
        on int_defections.customer_key = known_customers.customer_key
    left join customer_assignments as assignments
        on
            int_defections.customer_key = assignments.customer_key
            and int_defections.began_month >= assignments.assigned_from
),

final as (
    select
        customer_key,
        episode_no,
        case when coalesce(assigned_to >= began_month, true) then employee_id end as owner_at_start,
        case
            when not has_account then null
            when employee_id is null then 'unassigned'
            when assigned_to < began_month then 'cleared'
            else 'assigned'
        end as owner_status_at_start
    from ranked
    where assignment_rank = 1
)

select * from final
