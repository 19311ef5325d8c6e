-- One row per customer and product category: a guess at its wallet, a high quantile of what comparable customers
-- spend with us. Off unless asked for, and no share of wallet of any other mart is made of it. No stated wallet goes
-- into the model, so that each stands beside the guess as one it has not seen, and shows how wrong it is.
with

comparable_spends as (
    select * from {{ ref('int_comparable_spends') }}
),

wallet_methods as (
    select * from {{ ref('wallet_methods') }}
),

-- The quantile of the others: whoever stands at or below it is left out of the count.
placed as (
    select
        spends.*,
        policies.policy_version,
        cast(ceil(policies.wallet_model_quantile * spends.comparable_count) as bigint) as others_rank
    from comparable_spends as spends
    inner join {{ ref('int_wallet_policies') }} as policies
        on spends.fiscal_year = policies.fiscal_year
    where spends.comparable_count >= policies.wallet_model_minimum_count
),

-- Own spend <= wallet <= what the customer itself turns over.
bounded as (
    select
        placed.*,
        greatest(
            least(others.net_revenue_t12, coalesce(placed.annual_revenue, others.net_revenue_t12)),
            placed.net_revenue_t12
        ) as modelled_wallet_amount
    from placed
    inner join comparable_spends as others
        on
            placed.product_category = others.product_category
            and placed.segment = others.segment
            and placed.employee_band = others.employee_band
            and placed.others_rank + case when placed.spend_rank <= placed.others_rank then 1 else 0 end
            = others.spend_rank
),

stated as (
    select
        wallets.customer_key,
        wallets.product_category,
        wallets.reporting_month,
        wallets.annual_wallet_amount,
        row_number() over (
            partition by wallets.customer_key, wallets.product_category, wallets.reporting_month
            order by wallets.source_rank asc nulls last
        ) as stated_rank
    from {{ ref('int_wallet_months') }} as wallets
    inner join wallet_methods
        on wallets.wallet_method = wallet_methods.wallet_method
    where wallet_methods.is_stated
),

compared as (
    select
        bounded.*,
        stated.annual_wallet_amount as stated_wallet_amount,
        -- Less than we sold is no wallet to learn the error from.
        case when stated.annual_wallet_amount >= bounded.net_revenue_t12 then stated.annual_wallet_amount end
            as valid_wallet_amount
    from bounded
    left join stated
        on
            bounded.customer_key = stated.customer_key
            and bounded.product_category = stated.product_category
            and bounded.reporting_month = stated.reporting_month
            and stated.stated_rank = 1
),

final as (
    select
        compared.customer_key,
        compared.product_category,
        compared.reporting_month,
        methods.wallet_method,
        methods.evidence_rank,
        methods.is_stated,
        compared.policy_version as model_version,
        cast(compared.comparable_count as bigint) as comparable_count,
        compared.net_revenue_t12,
        cast(compared.annual_revenue as decimal(18, 4)) as annual_revenue,
        cast(compared.modelled_wallet_amount as decimal(18, 4)) as modelled_wallet_amount,
        {{ safe_ratio('compared.net_revenue_t12', 'compared.modelled_wallet_amount') }} as modelled_sow,
        compared.net_revenue_t12 >= compared.modelled_wallet_amount as is_own_spend_only,
        compared.stated_wallet_amount is not null as has_stated_wallet,
        compared.stated_wallet_amount,
        {{ safe_ratio('compared.modelled_wallet_amount', 'compared.valid_wallet_amount') }} - 1 as error_ratio,
        {{ safe_ratio('compared.net_revenue_t12', 'compared.valid_wallet_amount') }} - 1 as own_spend_error_ratio
    from compared
    inner join wallet_methods as methods
        on methods.wallet_method = 'model'
)

select * from final
