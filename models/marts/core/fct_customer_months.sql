-- One row per customer and month, from its first movement to the month reported, without gaps. States,
-- silence, thresholds and trailing windows are not additive over months.
with

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
),

int_customer_states as (
    select * from {{ ref('int_customer_states') }}
),

int_share_of_wallet_months as (
    select * from {{ ref('int_share_of_wallet_months') }}
),

int_customer_identities as (
    select * from {{ ref('int_customer_identities') }}
),

survivors as (
    select
        customer_key,
        customer_code,
        group_customer_key,
        split_from_customer_key
    from int_customer_identities
    where customer_code = customer_key
),

final as (
    select
        months.customer_key,
        coalesce(survivors.customer_code, months.customer_key) as customer_code,
        coalesce(survivors.group_customer_key, months.customer_key) as group_customer_key,
        months.reporting_month,
        states.customer_state,
        states.customer_state_at_start,
        states.partial_reason,
        months.order_count > 0 as is_active,
        months.order_count,
        months.purchase_day_count,
        months.net_revenue,
        months.net_revenue_constant,
        months.gross_revenue,
        months.margin,
        -- A credit whose cost is unknown can leave less revenue than has a cost; covered is covered.
        case
            when months.net_revenue > 0
                then greatest(least({{ safe_ratio('months.costed_revenue', 'months.net_revenue') }}, 1), 0)
        end as margin_coverage_share,
        months.net_revenue_t3,
        months.net_revenue_t12,
        months.net_revenue_t3_ly,
        months.net_revenue_t12_ly,
        months.margin_t12,
        wallets.wallet_t12,
        wallets.wallet_source,
        wallets.wallet_age_days,
        wallets.sow_t12,
        wallets.sow_t12_ly,
        wallets.d_sow,
        wallets.is_method_break as sow_method_break,
        months.trailing_month_count,
        states.first_purchase_month,
        survivors.split_from_customer_key is not null as is_split_off,
        months.last_purchase_date,
        states.silence_days,
        states.expected_gap_days,
        states.threshold_days,
        states.threshold_basis,
        states.threshold_version,
        months.is_closed_month,
        months.data_complete_through
    from int_customer_months as months
    inner join int_customer_states as states
        on
            months.customer_key = states.customer_key
            and months.reporting_month = states.reporting_month
    left join int_share_of_wallet_months as wallets
        on
            months.customer_key = wallets.customer_key
            and months.reporting_month = wallets.reporting_month
    left join survivors
        on months.customer_key = survivors.customer_key
)

select * from final
