-- The one place where the partial rule is decided. Share of wallet is the better evidence and is asked
-- first; where no wallet is known the spend rule stands in. Who spends less at the same share needs less.
with

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
),

int_silent_categories as (
    select * from {{ ref('int_silent_categories') }}
),

int_share_of_wallet_months as (
    select
        customer_key,
        reporting_month,
        has_share_of_wallet_drop
    from {{ ref('int_share_of_wallet_months') }}
    where has_share_of_wallet_drop is not null
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

signals as (
    select
        customer_key,
        reporting_month,
        true as has_spend_collapse,
        false as has_silent_category
    from spend_collapses
    union all
    select
        customer_key,
        reporting_month,
        false as has_spend_collapse,
        true as has_silent_category
    from int_silent_categories
    union all
    select
        customer_key,
        reporting_month,
        false as has_spend_collapse,
        false as has_silent_category
    from int_share_of_wallet_months
    where has_share_of_wallet_drop
),

months_with_signals as (
    select
        customer_key,
        reporting_month,
        count(case when has_spend_collapse then 1 end) > 0 as has_spend_collapse,
        count(case when has_silent_category then 1 end) > 0 as has_silent_category
    from signals
    group by customer_key, reporting_month
),

evidence as (
    select
        months_with_signals.customer_key,
        months_with_signals.reporting_month,
        int_share_of_wallet_months.has_share_of_wallet_drop,
        months_with_signals.has_spend_collapse,
        months_with_signals.has_silent_category,
        case
            when int_share_of_wallet_months.has_share_of_wallet_drop then 'share_of_wallet'
            when
                int_share_of_wallet_months.has_share_of_wallet_drop is null
                and months_with_signals.has_spend_collapse
                then 'spend_collapse'
            when months_with_signals.has_silent_category then 'silent_category'
        end as partial_reason
    from months_with_signals
    left join int_share_of_wallet_months
        on
            months_with_signals.customer_key = int_share_of_wallet_months.customer_key
            and months_with_signals.reporting_month = int_share_of_wallet_months.reporting_month
),

final as (
    select
        customer_key,
        reporting_month,
        has_share_of_wallet_drop,
        has_spend_collapse,
        has_silent_category,
        partial_reason
    from evidence
    where partial_reason is not null
)

select * from final
