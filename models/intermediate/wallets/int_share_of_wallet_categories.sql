-- Share of wallet of a category, and whether it may be compared with that of a year before: by the same
-- method, from two estimates and not from one carried along, and with no share above the wallet.
with

int_wallet_months as (
    select * from {{ ref('int_wallet_months') }}
),

int_category_spend_months as (
    select * from {{ ref('int_category_spend_months') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

int_wallet_policies as (
    select * from {{ ref('int_wallet_policies') }}
),

measured as (
    select
        wallets.*,
        spends.net_revenue_t12,
        spends.net_revenue_t12 > wallets.annual_wallet_amount as is_wallet_understated,
        cast({{ dbt.dateadd('month', -12, 'wallets.reporting_month') }} as date) as year_before_month
    from int_wallet_months as wallets
    inner join int_category_spend_months as spends
        on
            wallets.customer_key = spends.customer_key
            and wallets.product_category = spends.product_category
            and wallets.reporting_month = spends.reporting_month
),

-- Credits alone are no purchase, and more than the wallet is no share.
best as (
    select
        *,
        case
            when net_revenue_t12 is not null then least(greatest(net_revenue_t12, 0), annual_wallet_amount)
        end as covered_net_revenue
    from measured
    where source_rank = 1
),

pairs as (
    select
        later.customer_key,
        later.product_category,
        later.reporting_month,
        later.annual_wallet_amount as compared_wallet,
        earlier.annual_wallet_amount as compared_wallet_ly,
        greatest(later.net_revenue_t12, 0) as compared_net_revenue,
        greatest(earlier.net_revenue_t12, 0) as compared_net_revenue_ly,
        later.is_refreshed,
        abs(later.annual_wallet_amount - earlier.annual_wallet_amount)
        <= policies.stable_wallet_tolerance * earlier.annual_wallet_amount as is_stable,
        row_number() over (
            partition by later.customer_key, later.product_category, later.reporting_month
            order by later.source_rank asc nulls last
        ) as pair_rank
    from measured as later
    inner join measured as earlier
        on
            later.customer_key = earlier.customer_key
            and later.product_category = earlier.product_category
            and later.wallet_method = earlier.wallet_method
            and later.year_before_month = earlier.reporting_month
            and later.period_start_date > earlier.period_start_date
    inner join int_month_ends as months
        on later.reporting_month = months.reporting_month
    inner join int_wallet_policies as policies
        on months.fiscal_year = policies.fiscal_year
    where
        later.annual_wallet_amount > 0
        and earlier.annual_wallet_amount > 0
        and not later.is_wallet_understated
        and not earlier.is_wallet_understated
),

final as (
    select
        best.customer_key,
        best.product_category,
        best.reporting_month,
        best.wallet_method,
        best.evidence_rank,
        best.annual_wallet_amount as wallet_t12,
        best.wallet_age_days,
        best.our_rank,
        best.supplier_count,
        best.net_revenue_t12,
        cast(best.covered_net_revenue as decimal(18, 4)) as covered_net_revenue,
        -- Zero over zero is no share: who needs nothing has not left.
        {{ safe_ratio('best.covered_net_revenue', 'best.annual_wallet_amount') }} as sow_t12,
        best.is_wallet_understated,
        pairs.compared_wallet,
        pairs.compared_wallet_ly,
        pairs.compared_net_revenue,
        pairs.compared_net_revenue_ly,
        pairs.is_refreshed as is_compared_refreshed,
        pairs.is_stable as is_compared_stable,
        pairs.customer_key is null and best.wallet_method <> best_ly.wallet_method as is_method_break
    from best
    left join pairs
        on
            best.customer_key = pairs.customer_key
            and best.product_category = pairs.product_category
            and best.reporting_month = pairs.reporting_month
            and pairs.pair_rank = 1
    left join best as best_ly
        on
            best.customer_key = best_ly.customer_key
            and best.product_category = best_ly.product_category
            and best.year_before_month = best_ly.reporting_month
)

select * from final
