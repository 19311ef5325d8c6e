-- The schemes that are shares of a ranked list. A cut falls at the rounded share of the list and equals
-- share the better class: ntile would part them, and gives the first class four of thirteen where a fifth
-- is three.
with

int_class_measures as (
    select * from {{ ref('int_class_measures') }}
),

class_months as (
    select * from {{ ref('int_class_months') }}
),

month_totals as (
    select
        measures.edition,
        measures.class_month,
        count(*) as customer_count,
        count(measures.margin_t12) as costed_customer_count,
        count(measures.margin_t12) >= max(class_months.kmgm_minimum_margin_share) * count(*) as is_margin_basis
    from int_class_measures as measures
    inner join class_months
        on measures.class_month = class_months.class_month
    group by
        measures.edition,
        measures.class_month
),

cuts as (
    select
        month_totals.edition,
        month_totals.class_month,
        {% for share in ['abcd_a_share', 'abcd_ab_share', 'abcd_abc_share'] -%}
        floor(month_totals.customer_count * class_months.{{ share }} + 0.5) as {{ share | replace('share', 'cut') }},
        {% endfor -%}
        {% for share in ['kmgm_key_share', 'kmgm_key_major_share', 'kmgm_not_maintain_share'] -%}
        floor(
            case
                when month_totals.is_margin_basis then month_totals.costed_customer_count
                else month_totals.customer_count
            end * class_months.{{ share }} + 0.5
        ) as {{ share | replace('share', 'cut') }},
        {% endfor -%}
        month_totals.is_margin_basis
    from month_totals
    inner join class_months
        on month_totals.class_month = class_months.class_month
),

contributions as (
    select
        measures.*,
        cuts.is_margin_basis,
        case when cuts.is_margin_basis then measures.margin_t12 else measures.net_revenue_t12 end as contribution
    from int_class_measures as measures
    inner join cuts
        on
            measures.edition = cuts.edition
            and measures.class_month = cuts.class_month
),

ranked as (
    select
        *,
        rank() over (
            partition by edition, class_month
            order by order_score desc nulls last
        ) as order_rank,
        rank() over (
            partition by edition, class_month
            order by contribution desc nulls last
        ) as contribution_rank
    from contributions
),

final as (
    select
        ranked.customer_key,
        ranked.class_month,
        ranked.edition,
        ranked.order_score,
        ranked.order_rank,
        ranked.contribution,
        ranked.is_margin_basis,
        ranked.contribution_rank,
        case
            when ranked.order_score is null then 'unclassified'
            when ranked.order_rank <= cuts.abcd_a_cut then 'a'
            when ranked.order_rank <= cuts.abcd_ab_cut then 'b'
            when ranked.order_rank <= cuts.abcd_abc_cut then 'c'
            else 'd'
        end as abcd_class,
        case
            when ranked.contribution is null then 'unclassified'
            when ranked.contribution_rank <= cuts.kmgm_key_cut then 'key'
            when ranked.contribution_rank <= cuts.kmgm_key_major_cut then 'major'
            when ranked.contribution_rank <= cuts.kmgm_not_maintain_cut then 'ordinary'
            else 'maintain'
        end as kmgm_class
    from ranked
    inner join cuts
        on
            ranked.edition = cuts.edition
            and ranked.class_month = cuts.class_month
)

select * from final
