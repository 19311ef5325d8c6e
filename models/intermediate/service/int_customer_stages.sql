-- Stage of the relation at the start of every month, and for how much of the month the customer was there at all: a
-- customer that came on the 16th was not there to be called on the 1st. One pass over the customer months.
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
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
        customer_months.customer_key,
        customer_months.reporting_month,
        customer_months.customer_state_at_start,
        policies.growth_tenure_months,
        {{ months_apart('customers.first_purchase_month', 'customer_months.reporting_month') }} as tenure_months,
        -- Until the end of the month, or of the data where the month is open.
        {{ dbt.datediff(
            'greatest(customers.first_purchase_date, dim_months.period_start_date)',
            'least(dim_months.period_end_date, customer_months.data_complete_through)', 'day'
        ) }} as exposure_days
    from fct_customer_months as customer_months
    inner join dim_customers as customers
        on customer_months.customer_key = customers.customer_key
    inner join dim_months
        on customer_months.reporting_month = dim_months.reporting_month
    inner join int_service_policies as policies
        on customer_months.reporting_month = policies.reporting_month
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
