-- Every full defection of the state machine is one episode of the fact and the other way round, and no
-- month of partial defection is in no episode or in two.
with

fct_defections as (
    select * from {{ ref('fct_defections') }}
),

int_defection_episodes as (
    select * from {{ ref('int_defection_episodes') }}
),

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

full_differences as (
    select
        coalesce(fct_defections.customer_key, int_defection_episodes.customer_key) as customer_key,
        coalesce(fct_defections.last_purchase_date, int_defection_episodes.last_purchase_date) as found_on
    from fct_defections
    full outer join int_defection_episodes
        on
            fct_defections.customer_key = int_defection_episodes.customer_key
            and fct_defections.last_purchase_date = int_defection_episodes.last_purchase_date
            and fct_defections.defection_type = 'full'
    where
        (fct_defections.customer_key is null and int_defection_episodes.customer_key is not null)
        or (fct_defections.defection_type = 'full' and int_defection_episodes.customer_key is null)
),

partial_differences as (
    select
        fct_customer_months.customer_key,
        fct_customer_months.reporting_month as found_on
    from fct_customer_months
    left join fct_defections
        on
            fct_customer_months.customer_key = fct_defections.customer_key
            and fct_customer_months.reporting_month
            between fct_defections.partial_from_month and fct_defections.partial_to_month
    where fct_customer_months.customer_state = 'partial_defector'
    group by
        fct_customer_months.customer_key,
        fct_customer_months.reporting_month
    having count(fct_defections.customer_key) <> 1
)

select * from full_differences

union all

select * from partial_differences
