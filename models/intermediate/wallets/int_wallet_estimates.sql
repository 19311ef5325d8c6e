-- Accounts of one customer code speak of the same wallet: by each method the latest of them counts, so that a method
-- kept from year to year can be compared although better evidence has come beside it.
with

wallet_estimates as (
    select * from {{ ref('stg_crm__wallet_estimates') }}
),

accounts as (
    select * from {{ ref('int_account_identities') }}
),

wallet_methods as (
    select * from {{ ref('wallet_methods') }}
),

int_exchange_rates as (
    select * from {{ ref('int_exchange_rates') }}
),

plan_rates as (
    select
        currency,
        max(constant_rate_to_reporting) as constant_rate_to_reporting
    from int_exchange_rates
    group by currency
),

valued as (
    select
        accounts.customer_key,
        coalesce(accounts.customer_code, accounts.account_id) as buying_code,
        wallet_estimates.account_id,
        wallet_estimates.product_category,
        wallet_estimates.period_start,
        wallet_estimates.period_end,
        wallet_estimates.estimated_on,
        wallet_estimates.our_rank,
        wallet_estimates.supplier_count,
        wallet_methods.evidence_rank,
        -- Widened: twelve decimals of a product leave six digits before the point, and wallets have more.
        {{ convert_amount(
            'cast(wallet_estimates.wallet_amount as decimal(26, 4))', 'plan_rates.constant_rate_to_reporting'
        ) }} as wallet_amount
    from wallet_estimates
    inner join accounts
        on wallet_estimates.account_id = accounts.account_id
    inner join wallet_methods
        on wallet_estimates.method = wallet_methods.wallet_method
    left join plan_rates
        on coalesce(wallet_estimates.currency, '{{ var("reporting_currency") }}') = plan_rates.currency
    where wallet_estimates.period_start < wallet_estimates.period_end
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_key, buying_code, product_category, period_start, period_end, evidence_rank
            order by estimated_on desc nulls last, account_id asc nulls last
        ) as estimate_rank
    from valued
),

final as (
    select
        customer_key,
        buying_code,
        account_id,
        product_category,
        evidence_rank,
        cast(wallet_amount as decimal(18, 4)) as wallet_amount,
        our_rank,
        supplier_count,
        period_start,
        period_end,
        estimated_on
    from ranked
    where estimate_rank = 1
)

select * from final
