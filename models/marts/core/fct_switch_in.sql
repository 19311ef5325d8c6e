with

opportunities as (
    select * from {{ ref('stg_crm__opportunities') }}
    where opportunity_type = 'switch_in' and stage = 'won' and closed_on is not null
),

accounts as (
    select * from {{ ref('int_account_identities') }}
),

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
),

first_purchases as (
    select
        customer_key,
        min(first_purchase_date) as first_purchase_date
    from int_customer_months
    group by customer_key
),

won as (
    select
        opportunities.opportunity_id as opportunity_key,
        accounts.customer_key,
        opportunities.competitor_id as prior_competitor_key,
        opportunities.reason_code,
        {{ month_of('opportunities.closed_on') }} as reporting_month,
        opportunities.closed_on as won_on,
        opportunities.amount
    from opportunities
    inner join accounts
        on opportunities.account_id = accounts.account_id
),

final as (
    select
        won.opportunity_key,
        won.customer_key,
        won.prior_competitor_key,
        won.reason_code,
        won.reporting_month,
        won.won_on,
        cast(won.amount as decimal(18, 4)) as amount,
        first_purchases.first_purchase_date,
        first_years.net_revenue_t12 as net_revenue_first_year
    from won
    left join first_purchases
        on won.customer_key = first_purchases.customer_key
    left join int_customer_months as first_years
        on
            won.customer_key = first_years.customer_key
            and cast({{ dbt.dateadd('month', 11, 'won.reporting_month') }} as date) = first_years.reporting_month
            and first_years.is_closed_month
)

select * from final
