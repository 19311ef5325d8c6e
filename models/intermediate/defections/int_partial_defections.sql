-- The one place where the partial rule is decided. Share of wallet is the better evidence and is asked
-- first; where no wallet is known the spend rule stands in for it. has_share_of_wallet_drop is NULL
-- for every customer until wallets are modelled: they join the evidence here, by customer and month.
with

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
),

int_silent_categories as (
    select * from {{ ref('int_silent_categories') }}
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

low_quarters as (
    select
        int_customer_months.customer_key,
        int_customer_months.reporting_month,
        cast({{ dbt.dateadd('month', 3, 'int_customer_months.reporting_month') }} as date) as quarter_after_month
    from int_customer_months
    inner join int_defection_policies
        on int_customer_months.fiscal_year = int_defection_policies.fiscal_year
    where
        int_customer_months.net_revenue_t3_ly > 0
        and int_customer_months.net_revenue_t3
        < int_defection_policies.partial_spend_share * int_customer_months.net_revenue_t3_ly
),

-- Low quarters are few, so two running are found by a join and not by a window over all months.
spend_collapses as (
    select
        later_quarters.customer_key,
        later_quarters.reporting_month
    from low_quarters as earlier_quarters
    inner join low_quarters as later_quarters
        on
            earlier_quarters.customer_key = later_quarters.customer_key
            and earlier_quarters.quarter_after_month = later_quarters.reporting_month
),

evidence as (
    select
        coalesce(spend_collapses.customer_key, int_silent_categories.customer_key) as customer_key,
        coalesce(spend_collapses.reporting_month, int_silent_categories.reporting_month) as reporting_month,
        cast(null as boolean) as has_share_of_wallet_drop,
        spend_collapses.customer_key is not null as has_spend_collapse,
        int_silent_categories.customer_key is not null as has_silent_category
    from spend_collapses
    full outer join int_silent_categories
        on
            spend_collapses.customer_key = int_silent_categories.customer_key
            and spend_collapses.reporting_month = int_silent_categories.reporting_month
),

final as (
    select
        customer_key,
        reporting_month,
        has_share_of_wallet_drop,
        has_spend_collapse,
        has_silent_category,
        case
            when has_share_of_wallet_drop then 'share_of_wallet'
            when has_share_of_wallet_drop is null and has_spend_collapse then 'spend_collapse'
            when has_silent_category then 'silent_category'
        end as partial_reason
    from evidence
)

select * from final
