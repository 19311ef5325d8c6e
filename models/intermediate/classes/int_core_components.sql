-- What the three core questions rest on, each figure by itself. Peers are those of the segment for how
-- often one buys, those of the industry for what one is worth and how much of our range one buys.
with

int_quarter_measures as (
    select * from {{ ref('int_quarter_measures') }}
),

int_quarter_totals as (
    select * from {{ ref('int_quarter_totals') }}
),

class_months as (
    select * from {{ ref('int_class_months') }}
),

segments as (
    select
        edition,
        class_month,
        segment,
        {{ safe_ratio('sum(purchase_day_count_t12)', 'count(*)') }} as peer_purchase_days
    from int_quarter_measures
    group by
        edition,
        class_month,
        segment
),

industries as (
    select
        edition,
        class_month,
        industry,
        {{ safe_ratio(
            'sum(case when costed_revenue_t12 is not null then margin_t12 end)', 'sum(costed_revenue_t12)'
        ) }} as industry_margin_rate,
        {{ safe_ratio('sum(category_count)', 'count(category_count)') }} as industry_category_count
    from int_quarter_measures
    group by
        edition,
        class_month,
        industry
),

wallet_ranks as (
    select
        customer_key,
        reporting_month,
        {{ safe_ratio(
            'sum(case when our_rank = 1 then wallet_t12 else 0 end)', 'sum(wallet_t12)'
        ) }} as first_supplier_share
    from {{ ref('int_share_of_wallet_categories') }}
    where our_rank is not null
    group by
        customer_key,
        reporting_month
),

final as (
    select
        measures.customer_key,
        measures.class_month,
        measures.edition,
        measures.net_revenue_t12,
        measures.margin_t12,
        measures.margin_rank,
        totals.costed_customer_count,
        1 - {{ safe_ratio(
            'measures.margin_rank - 1', 'case when measures.margin_t12 is not null then totals.costed_customer_count end'
        ) }} as margin_percentile_share,
        {{ safe_ratio('measures.received_in_time_t12', 'measures.received_t12') }} as in_time_share,
        measures.tenure_months,
        measures.long_term_intent,
        case when totals.discount_share is not null then {{ safe_ratio(
            'measures.discount_day_count_t12', 'measures.purchase_day_count_t12'
        ) }} end as discount_day_share,
        {{ safe_ratio('measures.case_count_t12', 'measures.order_count_t12') }} / totals.cases_per_order
            as relative_cases_per_order,
        measures.mix_stability,
        {{ safe_ratio('measures.purchase_day_count_t12', 'segments.peer_purchase_days') }} as relative_frequency,
        measures.sow_t12,
        wallet_ranks.first_supplier_share,
        {{ safe_ratio(
            safe_ratio('measures.margin_t12', 'measures.costed_revenue_t12'), 'industries.industry_margin_rate'
        ) }} as relative_margin,
        {{ safe_ratio('measures.category_count', 'industries.industry_category_count') }} as relative_category_count
    from int_quarter_measures as measures
    inner join class_months
        on measures.class_month = class_months.class_month
    inner join int_quarter_totals as totals
        on
            measures.edition = totals.edition
            and measures.class_month = totals.class_month
    inner join segments
        on
            measures.edition = segments.edition
            and measures.class_month = segments.class_month
            and measures.segment = segments.segment
    inner join industries
        on
            measures.edition = industries.edition
            and measures.class_month = industries.class_month
            and measures.industry = industries.industry
    left join wallet_ranks
        on
            measures.customer_key = wallet_ranks.customer_key
            and class_months.measured_month = wallet_ranks.reporting_month
)

select * from final
