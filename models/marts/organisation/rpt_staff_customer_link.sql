-- Do customers stay where people stay? Of every team the people, the customers and the key accounts it had when a
-- quarter began, and how many of each are still there at its end.
{%- set key_kept = 'case when is_closed_quarter then key_account_start_count - key_account_lost_count end' %}
with

int_team_customers as (
    select * from {{ ref('int_team_customers') }}
),

dim_employees as (
    select * from {{ ref('dim_employees') }}
    where is_listed and team is not null
),

quarters as (
    select
        fiscal_quarter_start_date as quarter_month,
        max(period_end_date) as quarter_end_date,
        count(case when is_closed_month then 1 end) = 3 as is_closed_quarter
    from {{ ref('dim_months') }}
    group by fiscal_quarter_start_date
    -- A ledger that begins within a quarter has nobody at its start.
    having min(reporting_month) = fiscal_quarter_start_date
),

staff as (
    select
        quarters.quarter_month,
        employees.team,
        count(case when employees.hired_date < quarters.quarter_month then 1 end) as staff_start_count,
        count(case
            when employees.hired_date < quarters.quarter_month and employees.left_date < quarters.quarter_end_date
                then 1
        end) as staff_left_count,
        count(case when employees.hired_date is null then 1 end) as staff_unknown_count
    from quarters
    inner join dim_employees as employees
        on coalesce(quarters.quarter_month <= employees.left_date, true)
    group by quarters.quarter_month, employees.team
),

customers as (
    select
        quarter_month,
        team,
        count(*) as customer_start_count,
        count(case when is_lost then 1 end) as customer_lost_count,
        count(case when is_closed_permanently then 1 end) as customer_closed_count,
        count(is_key_account) as classed_count,
        cast(sum(cast(is_key_account as bigint)) as bigint) as key_account_start_count,
        cast(sum(cast(is_key_account as bigint) * cast(is_lost as bigint)) as bigint) as key_account_lost_count
    from int_team_customers
    where team is not null
    group by quarter_month, team
),

coverage as (
    select
        quarter_month,
        {{ safe_ratio('count(team)', 'count(*)') }} as owned_customer_share,
        count(case when is_key_account then 1 end) as all_key_account_count
    from int_team_customers
    group by quarter_month
),

joined as (
    select
        staff.*,
        quarters.is_closed_quarter,
        case when quarters.is_closed_quarter then staff.staff_start_count - staff.staff_left_count end as staff_stayed,
        case when quarters.is_closed_quarter then customers.customer_start_count - customers.customer_lost_count end
            as customers_kept,
        customers.classed_count,
        customers.key_account_start_count,
        customers.key_account_lost_count,
        coverage.all_key_account_count,
        coalesce(customers.customer_start_count, 0) as customer_start_count,
        coalesce(customers.customer_lost_count, 0) as customer_lost_count,
        coalesce(customers.customer_closed_count, 0) as customer_closed_count,
        coverage.owned_customer_share
    from staff
    inner join quarters
        on staff.quarter_month = quarters.quarter_month
    left join customers
        on
            staff.quarter_month = customers.quarter_month
            and staff.team = customers.team
    left join coverage
        on staff.quarter_month = coverage.quarter_month
),

final as (
    select
        team,
        quarter_month,
        staff_start_count,
        staff_left_count,
        {{ safe_ratio('staff_stayed', 'staff_start_count') }} as staff_retention_rate,
        {{ wilson_bound('staff_stayed', 'staff_start_count', 'low') }} as staff_retention_low_rate,
        {{ wilson_bound('staff_stayed', 'staff_start_count', 'high') }} as staff_retention_high_rate,
        {{ safe_ratio('staff_start_count', 'staff_start_count + staff_unknown_count') }} as staff_known_share,
        customer_start_count,
        customer_lost_count,
        customer_closed_count,
        {{ safe_ratio('customers_kept', 'customer_start_count') }} as customer_retention_rate,
        {{ wilson_bound('customers_kept', 'customer_start_count', 'low') }} as customer_retention_low_rate,
        {{ wilson_bound('customers_kept', 'customer_start_count', 'high') }} as customer_retention_high_rate,
        key_account_start_count,
        key_account_lost_count,
        {{ safe_ratio('key_account_start_count', 'classed_count') }} as key_account_share,
        {{ safe_ratio('key_account_start_count', 'all_key_account_count') }} as key_account_team_share,
        {{ safe_ratio(key_kept, 'key_account_start_count') }} as key_account_retention_rate,
        {{ wilson_bound(key_kept, 'key_account_start_count', 'low') }} as key_account_retention_low_rate,
        {{ wilson_bound(key_kept, 'key_account_start_count', 'high') }} as key_account_retention_high_rate,
        owned_customer_share,
        is_closed_quarter
    from joined
)

select * from final
