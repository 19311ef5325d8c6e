-- The one place where the partial rule is decided. Share of wallet is the better evidence and is asked
-- first; where no wallet is known the spend rule stands in for it. has_share_of_wallet_drop is NULL
-- for every customer until wallets are modelled: they join the base here, by customer and month.
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

quarters as (
    select
        int_customer_months.customer_key,
        int_customer_months.reporting_month,
        int_customer_months.net_revenue_t3_ly > 0
        and int_customer_months.net_revenue_t3
        < int_defection_policies.partial_spend_share * int_customer_months.net_revenue_t3_ly as is_low_quarter
    from int_customer_months
    inner join int_defection_policies
        on int_customer_months.fiscal_year = int_defection_policies.fiscal_year
),

evidence as (
    select
        quarters.customer_key,
        quarters.reporting_month,
        cast(null as boolean) as has_share_of_wallet_drop,
        coalesce(
            quarters.is_low_quarter
            and lag(quarters.is_low_quarter, 3) over (
                partition by quarters.customer_key
                order by quarters.reporting_month nulls last
            ),
            false
        ) as has_spend_collapse,
        int_silent_categories.silent_category_count is not null as has_silent_category
    from quarters
    left join int_silent_categories
        on
            quarters.customer_key = int_silent_categories.customer_key
            and quarters.reporting_month = int_silent_categories.reporting_month
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
where partial_reason is not null
