-- Stage of the relation at the start of every month, and for how much of the month the customer was there at all: a
-- customer that came on the 16th was not there to be called on the 1st. One pass over the states.
with

int_customer_states as (
    select * from {{ ref('int_customer_states') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

dim_customers as (
    select * from {{ ref('dim_customers') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_service_policies as (
    select * from {{ ref('int_service_policies') }}
),

measured as (
    select
        states.customer_key,
        states.reporting_month,
        states.customer_state_at_start,
        policies.growth_tenure_months,
        {{ months_apart(
            'least(customers.first_purchase_month, origins.first_purchase_month)', 'states.reporting_month'
        ) }} as tenure_months,
        -- Until the end of the month, or of the data where the month is open.
        {{ dbt.datediff(
            'greatest(customers.first_purchase_date, dim_months.period_start_date)',
            'least(dim_months.period_end_date, calendar.data_complete_through)', 'day'
        ) }} as exposure_days
    from int_customer_states as states
    cross join int_reporting_calendar as calendar
    inner join dim_customers as customers
        on states.customer_key = customers.customer_key
    left join dim_customers as origins
        on customers.split_from_customer_key = origins.customer_key
    inner join dim_months
        on states.reporting_month = dim_months.reporting_month
    inner join int_service_policies as policies
        on states.reporting_month = policies.reporting_month
    -- A credit note may come before the first order.
    where states.reporting_month >= customers.first_purchase_month
),

final as (
    select
        customer_key,
        reporting_month,
        case
            when customer_state_at_start in ('at_risk', 'partial_defector', 'lapsed_pending') then 'decline'
            when customer_state_at_start in ('defected_full', 'closed_permanent') then 'lost'
            when tenure_months < growth_tenure_months then 'growth'
            else 'maturity'
        end as lifecycle_stage,
        greatest(0, exposure_days) as exposure_days
    from measured
)

select * from final
