-- How often a customer buys, and how much it depends on us: its share of wallet, blended with being its
-- only supplier and with what leaving would cost it. Without a share of wallet dependence is unknown.
with

int_customer_months as (
    select * from {{ ref('int_customer_months') }}
),

int_customer_states as (
    select * from {{ ref('int_customer_states') }}
),

customer_states as (
    select * from {{ ref('customer_states') }}
    where is_live
),

barriers as (
    select * from {{ ref('int_switching_barriers') }}
),

policies as (
    select * from {{ ref('int_loyalty_policies') }}
),

frequencies as (
    select
        customer_key,
        reporting_month,
        fiscal_year,
        trailing_month_count,
        is_closed_month,
        net_revenue_t12,
        sum(purchase_day_count) over (
            partition by customer_key
            order by reporting_month nulls last
            rows between 11 preceding and current row
        ) as purchase_day_count_t12
    from int_customer_months
),

live as (
    select
        frequencies.customer_key,
        frequencies.reporting_month,
        frequencies.fiscal_year,
        frequencies.purchase_day_count_t12,
        barriers.sow_t12,
        barriers.sole_source_share,
        barriers.has_contract,
        barriers.has_service_mode,
        barriers.reward_amount_t12,
        barriers.owner_tenure_months,
        policies.share_of_wallet_weight,
        policies.switching_barrier_weight,
        case when barriers.sole_source_share is null then 0 else policies.sole_source_weight end
            as sole_source_weight,
        case when barriers.has_contract then policies.contract_weight else 0 end
        + case when barriers.has_service_mode then policies.service_mode_weight else 0 end
        + case
            when barriers.owner_tenure_months >= policies.relation_minimum_months then policies.relation_weight else 0
        end
        + case
            when frequencies.net_revenue_t12 > 0
                then policies.reward_weight * least(
                    {{ safe_ratio('barriers.reward_amount_t12', 'frequencies.net_revenue_t12') }}
                    / policies.reward_reference_share,
                    1
                )
            else 0
        end as switching_barrier
    from frequencies
    inner join int_customer_states as states
        on
            frequencies.customer_key = states.customer_key
            and frequencies.reporting_month = states.reporting_month
    inner join customer_states
        on states.customer_state = customer_states.customer_state
    inner join policies
        on frequencies.fiscal_year = policies.fiscal_year
    left join barriers
        on
            frequencies.customer_key = barriers.customer_key
            and frequencies.reporting_month = barriers.reporting_month
    where frequencies.trailing_month_count = 12 and frequencies.is_closed_month
),

final as (
    select
        customer_key,
        reporting_month,
        fiscal_year,
        cast(purchase_day_count_t12 as bigint) as purchase_day_count_t12,
        sow_t12,
        sole_source_share,
        has_contract,
        has_service_mode,
        reward_amount_t12,
        owner_tenure_months,
        case when sow_t12 is not null then switching_barrier end as switching_barrier,
        (
            share_of_wallet_weight * sow_t12
            + sole_source_weight * coalesce(sole_source_share, 0)
            + switching_barrier_weight * switching_barrier
        ) / (share_of_wallet_weight + sole_source_weight + switching_barrier_weight) as dependence_index
    from live
)

select * from final
