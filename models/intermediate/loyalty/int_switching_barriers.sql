-- What leaving would cost the customer: a contract in force, people or systems of ours in its house, rebates it would
-- lose, a person it has dealt with for long, and having no other supplier. Of an account's service mode only the
-- present one is known. Asked only where a share of wallet is known, because dependence needs one.
with

int_share_of_wallet_months as (
    select * from {{ ref('int_share_of_wallet_months') }}
    where sow_t12 is not null
),

int_share_of_wallet_categories as (
    select * from {{ ref('int_share_of_wallet_categories') }}
    where supplier_count is not null
),

int_customer_contracts as (
    select * from {{ ref('int_customer_contracts') }}
),

account_identities as (
    select * from {{ ref('int_account_identities') }}
    where is_primary_account
),

accounts as (
    select * from {{ ref('stg_crm__accounts') }}
),

rewards as (
    select * from {{ ref('int_account_efforts') }}
    where effort_kind = 'reward'
),

sole_sources as (
    select
        customer_key,
        reporting_month,
        {{ safe_ratio('sum(case when supplier_count = 1 then wallet_t12 else 0 end)', 'sum(wallet_t12)') }}
            as sole_source_share
    from int_share_of_wallet_categories
    group by customer_key, reporting_month
),

reward_years as (
    select
        wallets.customer_key,
        wallets.reporting_month,
        sum(rewards.invested_amount) as reward_amount_t12
    from int_share_of_wallet_months as wallets
    inner join rewards
        on
            wallets.customer_key = rewards.customer_key
            and wallets.reporting_month >= rewards.reporting_month
            and {{ months_apart('rewards.reporting_month', 'wallets.reporting_month') }} < 12
    group by wallets.customer_key, wallets.reporting_month
),

in_contract as (
    select distinct
        wallets.customer_key,
        wallets.reporting_month
    from int_share_of_wallet_months as wallets
    inner join int_customer_contracts as contracts
        on
            wallets.customer_key = contracts.customer_key
            and wallets.reporting_month >= contracts.contract_start
            and wallets.reporting_month <= contracts.contract_end
),

relations as (
    select
        wallets.customer_key,
        wallets.reporting_month,
        max({{ months_apart('assignments.assigned_from', 'wallets.reporting_month') }}) as owner_tenure_months
    from int_share_of_wallet_months as wallets
    inner join {{ ref('int_account_identities') }} as identities
        on wallets.customer_key = identities.customer_key
    inner join {{ ref('stg_crm__account_assignments') }} as assignments
        on
            identities.account_id = assignments.account_id
            and wallets.reporting_month >= assignments.assigned_from
            and wallets.reporting_month <= coalesce(assignments.assigned_to, wallets.reporting_month)
    where assignments.role = 'owner'
    group by wallets.customer_key, wallets.reporting_month
),

final as (
    select
        wallets.customer_key,
        wallets.reporting_month,
        wallets.sow_t12,
        sole_sources.sole_source_share,
        in_contract.customer_key is not null as has_contract,
        coalesce(accounts.service_mode, 'standard') <> 'standard' as has_service_mode,
        cast(coalesce(reward_years.reward_amount_t12, 0) as decimal(18, 4)) as reward_amount_t12,
        cast(relations.owner_tenure_months as bigint) as owner_tenure_months
    from int_share_of_wallet_months as wallets
    left join sole_sources
        on
            wallets.customer_key = sole_sources.customer_key
            and wallets.reporting_month = sole_sources.reporting_month
    left join in_contract
        on
            wallets.customer_key = in_contract.customer_key
            and wallets.reporting_month = in_contract.reporting_month
    left join reward_years
        on
            wallets.customer_key = reward_years.customer_key
            and wallets.reporting_month = reward_years.reporting_month
    left join relations
        on
            wallets.customer_key = relations.customer_key
            and wallets.reporting_month = relations.reporting_month
    left join account_identities
        on wallets.customer_key = account_identities.customer_key
    left join accounts
        on account_identities.account_id = accounts.account_id
)

select * from final
