-- The schemes that ask what the relation is doing. The order of the branches of ibm_class is its precedence.
with

int_class_measures as (
    select * from {{ ref('int_class_measures') }}
),

class_months as (
    select * from {{ ref('int_class_months') }}
),

wallet_counts as (
    select
        edition,
        class_month,
        count(wallet_t12) as wallet_count
    from int_class_measures
    group by
        edition,
        class_month
),

ranked as (
    select
        *,
        rank() over (
            partition by edition, class_month
            order by wallet_t12 desc nulls last
        ) as wallet_rank
    from int_class_measures
),

judged as (
    select
        ranked.*,
        ranked.wallet_t12 is not null
        and ranked.wallet_rank <= floor(wallet_counts.wallet_count * class_months.large_wallet_share + 0.5)
        and ranked.sow_t12 < class_months.small_wallet_share as is_to_be_won,
        ranked.sow_t12 >= class_months.loyal_wallet_share
        and ranked.tenure_months >= class_months.loyal_tenure_months as is_loyal,
        ranked.net_revenue_t12_ly > 0
        and ranked.net_revenue_t12 >= class_months.fast_growth_ratio * ranked.net_revenue_t12_ly
        and ranked.order_count_t12 >= class_months.fast_growth_order_count as is_growing_fast
    from ranked
    inner join class_months
        on ranked.class_month = class_months.class_month
    inner join wallet_counts
        on
            ranked.edition = wallet_counts.edition
            and ranked.class_month = wallet_counts.class_month
),

final as (
    select
        customer_key,
        class_month,
        edition,
        wallet_rank,
        case
            when is_silent then 'sleeping'
            when is_loyal then 'loyal'
            when is_growing_fast then 'fast_growing'
            when is_to_be_won then 'cultivate'
            else 'unclassified'
        end as ibm_class,
        case
            when wallet_t12 is null or sow_t12 is null or net_revenue_t12_ly is null then 'unclassified'
            when is_to_be_won and net_revenue_t12 > net_revenue_t12_ly then 'high_value'
            else 'other'
        end as potential_class
    from judged
)

select * from final
