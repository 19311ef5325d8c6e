-- One row per customer, product category and wallet period, by its best evidence. Wallets of overlapping
-- periods, or of one stretched to a year, are not additive: int_share_of_wallet_months chooses among them.
with

int_wallets as (
    select * from {{ ref('int_wallets') }}
    where method_place = 1
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

int_category_spend_months as (
    select * from {{ ref('int_category_spend_months') }}
),

wallet_methods as (
    select * from {{ ref('wallet_methods') }}
),

-- A period that the ledger does not hold from end to end has no spend to compare.
own_spends as (
    select
        int_wallets.customer_key,
        int_wallets.product_category,
        int_wallets.period_start_date,
        int_wallets.period_end_date,
        sum(spends.net_revenue_constant) as net_revenue
    from int_wallets
    inner join int_reporting_calendar as calendar
        on
            int_wallets.period_start_date >= calendar.first_month
            and int_wallets.period_end_date
            <= least(calendar.data_complete_through, cast({{ dbt.dateadd('day', 1, 'calendar.as_of_date') }} as date))
    inner join int_category_spend_months as spends
        on
            int_wallets.customer_key = spends.customer_key
            and int_wallets.product_category = spends.product_category
            and int_wallets.period_start_date <= spends.reporting_month
            and int_wallets.period_end_date > spends.reporting_month
    where
        {{ month_of('int_wallets.period_start_date') }} = int_wallets.period_start_date
        and {{ month_of('int_wallets.period_end_date') }} = int_wallets.period_end_date
    group by
        int_wallets.customer_key,
        int_wallets.product_category,
        int_wallets.period_start_date,
        int_wallets.period_end_date
),

final as (
    select
        wallets.customer_key,
        wallets.product_category,
        wallets.period_start_date,
        wallets.period_end_date,
        wallets.wallet_method,
        wallets.evidence_rank,
        wallet_methods.is_stated,
        wallets.wallet_amount,
        wallets.annual_wallet_amount,
        wallets.our_rank,
        wallets.supplier_count,
        wallets.account_count,
        wallets.is_whole_customer,
        wallets.estimated_date,
        wallets.as_of_date,
        cast(
            {{ dbt.datediff('wallets.as_of_date', 'calendar.as_of_date', 'day') }}
            as bigint
        ) as wallet_age_days,
        cast(own_spends.net_revenue as decimal(18, 4)) as own_net_revenue,
        case
            when own_spends.net_revenue is not null and wallets.wallet_amount > 0 and wallets.is_whole_customer
                then greatest(least({{ safe_ratio('own_spends.net_revenue', 'wallets.wallet_amount') }}, 1), 0)
        end as sow,
        own_spends.net_revenue > wallets.wallet_amount as is_wallet_understated,
        {{ wallet_rule_share('wallets.our_rank', 'wallets.supplier_count') }} as wallet_rule_share
    from int_wallets as wallets
    cross join int_reporting_calendar as calendar
    inner join wallet_methods
        on wallets.wallet_method = wallet_methods.wallet_method
    left join own_spends
        on
            wallets.customer_key = own_spends.customer_key
            and wallets.product_category = own_spends.product_category
            and wallets.period_start_date = own_spends.period_start_date
            and wallets.period_end_date = own_spends.period_end_date
)

select * from final
