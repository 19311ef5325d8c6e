-- What was paid under programmes and as rewards. Who is paid for belongs to the programme: there is no other list of
-- its members. What names no account is a cost of the programme and tells nothing of who is in it.
with

investments as (
    select * from {{ ref('stg_crm__account_investments') }}
    where kind in ('reward', 'programme')
),

accounts as (
    select * from {{ ref('int_account_identities') }}
),

int_exchange_rates as (
    select * from {{ ref('int_exchange_rates') }}
),

final as (
    select
        investments.investment_id as payment_key,
        accounts.customer_key,
        coalesce(investments.programme, investments.kind) as programme,
        investments.spent_on as paid_date,
        cast(
            {{ convert_amount('cast(investments.amount as decimal(26, 4))', 'rates.rate_to_reporting') }}
            as decimal(18, 4)
        ) as paid_amount
    from investments
    left join accounts
        on investments.account_id = accounts.account_id
    left join int_exchange_rates as rates
        on
            coalesce(investments.currency, '{{ var("reporting_currency") }}') = rates.currency
            and {{ month_of('investments.spent_on') }} = rates.rate_month
)

select * from final
