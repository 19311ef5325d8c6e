-- Each customer's trailing year against the year before, and which movement it is. Revenue below zero is no
-- revenue: credits beyond it stand apart.
with

fct_customer_months as (
    select * from {{ ref('fct_customer_months') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
    where ledger_month_number >= 24
),

int_customer_code_price_effects as (
    select * from {{ ref('int_customer_code_price_effects') }}
),

int_customer_identities as (
    select * from {{ ref('int_customer_identities') }}
    where customer_code is not null
),

price_effects as (
    select
        coalesce(identities.customer_key, effects.customer_code) as customer_key,
        effects.reporting_month,
        sum(effects.price_effect) as price_effect,
        sum(effects.priced_amount) as priced_amount
    from int_customer_code_price_effects as effects
    left join int_customer_identities as identities
        on effects.customer_code = identities.customer_code
    group by
        coalesce(identities.customer_key, effects.customer_code),
        effects.reporting_month
),

{% set trailing = "over (partition by customer_key order by reporting_month nulls last rows between" -%}
years as (
    select
        customer_key,
        reporting_month,
        first_purchase_month,
        coalesce(is_split_off, false) as is_split_off,
        net_revenue_t12 as end_amount,
        net_revenue_t12_ly as start_amount,
        sum(net_revenue) {{ trailing }} 11 preceding and current row) as end_reported_amount,
        coalesce(sum(net_revenue) {{ trailing }} 23 preceding and 12 preceding), 0) as start_reported_amount
    from fct_customer_months
),

final as (
    select
        years.customer_key,
        years.reporting_month,
        case
            when years.start_amount > 0 and years.end_amount > years.start_amount then 'expanded'
            when years.start_amount > 0 and years.end_amount = years.start_amount then 'unchanged'
            when years.start_amount > 0 and years.end_amount > 0 then 'contracted'
            when years.start_amount > 0 then 'churned'
            when years.end_amount <= 0 then 'none'
            when
                years.first_purchase_month > cast({{ dbt.dateadd('month', -12, 'years.reporting_month') }} as date)
                then case when years.is_split_off then 'split' else 'new' end
            else 'returned'
        end as movement,
        years.start_amount,
        years.end_amount,
        years.start_reported_amount,
        years.end_reported_amount,
        cast(coalesce(price_effects.price_effect, 0) as decimal(18, 4)) as price_effect,
        cast(coalesce(price_effects.priced_amount, 0) as decimal(18, 4)) as priced_amount,
        int_month_ends.is_closed_month
    from years
    inner join int_month_ends
        on years.reporting_month = int_month_ends.reporting_month
    left join price_effects
        on
            years.customer_key = price_effects.customer_key
            and years.reporting_month = price_effects.reporting_month
)

select * from final
