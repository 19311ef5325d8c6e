-- What was done for a customer in a month: money by kind, and contacts that a person of ours sought. Money that names
-- no account is no customer's.
with

investments as (
    select * from {{ ref('stg_crm__account_investments') }}
),

fct_touchpoints as (
    select * from {{ ref('fct_touchpoints') }}
),

accounts as (
    select * from {{ ref('int_account_identities') }}
),

int_exchange_rates as (
    select * from {{ ref('int_exchange_rates') }}
),

money as (
    select
        accounts.customer_key,
        {{ month_of('investments.spent_on') }} as reporting_month,
        investments.kind as effort_kind,
        count(*) as effort_count,
        sum(
            {{ convert_amount('cast(investments.amount as decimal(26, 4))', 'rates.rate_to_reporting') }}
        ) as invested_amount
    from investments
    inner join accounts
        on investments.account_id = accounts.account_id
    left join int_exchange_rates as rates
        on
            coalesce(investments.currency, '{{ var("reporting_currency") }}') = rates.currency
            and {{ month_of('investments.spent_on') }} = rates.rate_month
    group by accounts.customer_key, {{ month_of('investments.spent_on') }}, investments.kind
),

contacts as (
    select
        customer_key,
        reporting_month,
        'contact' as effort_kind,
        count(*) as effort_count,
        cast(null as decimal(18, 4)) as invested_amount
    from fct_touchpoints
    where
        is_human
        and not is_repeat
        and coalesce(direction, 'outbound') = 'outbound'
    group by
        customer_key,
        reporting_month
),

efforts as (
    select * from money
    union all
    select * from contacts
),

final as (
    select
        customer_key,
        reporting_month,
        effort_kind,
        cast(effort_count as bigint) as effort_count,
        cast(invested_amount as decimal(18, 4)) as invested_amount
    from efforts
)

select * from final
