-- What is at stake now: the yearly margin of customers we still have whom the failure happened to of late.
with

recent_failures as (
    select * from {{ ref('int_typed_failures') }}
),

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

live_states as (
    select * from {{ ref('customer_states') }}
    where is_live
),

affected as (
    select distinct
        recent_failures.failure_code,
        recent_failures.customer_key,
        calendar.as_of_month
    from recent_failures
    cross join int_reporting_calendar as calendar
    inner join int_failure_policies as policies
        on calendar.as_of_month = policies.reporting_month
    where
        (year(calendar.as_of_month) - year(recent_failures.reporting_month)) * 12
        + month(calendar.as_of_month) - month(recent_failures.reporting_month) < policies.effect_washout_months
),

final as (
    select
        affected.failure_code,
        count(*) as affected_customer_count,
        sum(customers.margin_t12) as margin_at_stake_t12
    from affected
    inner join fct_customer_months as customers
        on
            affected.customer_key = customers.customer_key
            and affected.as_of_month = customers.reporting_month
    inner join live_states
        on customers.customer_state = live_states.customer_state
    group by affected.failure_code
)

select * from final
