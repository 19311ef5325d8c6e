-- The schemes that a month's figures decide: shares of a ranked list, and what the relation is doing. The order
-- of the branches of ibm_class is its precedence. A view on purpose: it is read once, and millions of rows would
-- be written only to be joined again.
with

int_class_measures as (
    select * from {{ ref('int_class_measures') }}
),

class_months as (
    select * from {{ ref('int_class_months') }}
),

cuts as (
    select * from {{ ref('int_class_cuts') }}
),

-- What each class asks comes before the ranks, for they carry along whatever is not needed after them.
judged as (
    select
        measures.customer_key,
        measures.class_month,
        measures.edition,
        measures.order_score,
        measures.wallet_t12,
        measures.is_silent,
        case when cuts.is_margin_basis then measures.margin_t12 else measures.net_revenue_t12 end as contribution,
        measures.sow_t12 < class_months.small_wallet_share as is_share_small,
        measures.sow_t12 >= class_months.loyal_wallet_share
        and measures.tenure_months >= class_months.loyal_tenure_months as is_loyal,
        measures.net_revenue_t12_ly > 0
        and measures.net_revenue_t12 >= class_months.fast_growth_ratio * measures.net_revenue_t12_ly
        and measures.order_count_t12 >= class_months.fast_growth_order_count as is_growing_fast,
        measures.net_revenue_t12 > measures.net_revenue_t12_ly as is_growing,
        measures.wallet_t12 is null or measures.sow_t12 is null or measures.net_revenue_t12_ly is null
            as is_potential_unknown
    from int_class_measures as measures
    inner join class_months
        on measures.class_month = class_months.class_month
    inner join cuts
        on
            measures.edition = cuts.edition
            and measures.class_month = cuts.class_month
),

ranked as (
    select
        *,
        {% for rank, amount in {'order_rank': 'order_score', 'contribution_rank': 'contribution'}.items() -%}
        rank() over (partition by edition, class_month order by {{ amount }} desc nulls last) as {{ rank }},
        {% endfor -%}
        rank() over (partition by edition, class_month order by wallet_t12 desc nulls last) as wallet_rank
    from judged
),

placed as (
    select
        ranked.*,
        {% for cut in [
            'abcd_a_cut', 'abcd_ab_cut', 'abcd_abc_cut', 'kmgm_key_cut', 'kmgm_key_major_cut', 'kmgm_not_maintain_cut',
        ] -%}
        cuts.{{ cut }},
        {% endfor -%}
        ranked.wallet_t12 is not null
        and ranked.wallet_rank <= cuts.large_wallet_cut
        and ranked.is_share_small as is_to_be_won
    from ranked
    inner join cuts
        on
            ranked.edition = cuts.edition
            and ranked.class_month = cuts.class_month
),

final as (
    select
        customer_key,
        class_month,
        edition,
        cast(order_rank as bigint) as order_rank,
        cast(case when wallet_t12 is not null then wallet_rank end as bigint) as wallet_rank,
        case
            when order_score is null then 'unclassified'
            when order_rank <= abcd_a_cut then 'a'
            when order_rank <= abcd_ab_cut then 'b'
            when order_rank <= abcd_abc_cut then 'c'
            else 'd'
        end as abcd_class,
        case
            when contribution is null then 'unclassified'
            when contribution_rank <= kmgm_key_cut then 'key'
            when contribution_rank <= kmgm_key_major_cut then 'major'
            when contribution_rank <= kmgm_not_maintain_cut then 'ordinary'
            else 'maintain'
        end as kmgm_class,
        case
            when is_silent then 'sleeping'
            when is_loyal then 'loyal'
            when is_growing_fast then 'fast_growing'
            when is_to_be_won then 'cultivate'
            else 'unclassified'
        end as ibm_class,
        case
            when is_potential_unknown then 'unclassified'
            when is_to_be_won and is_growing then 'high_value'
            else 'other'
        end as potential_class
    from placed
)

select * from final
