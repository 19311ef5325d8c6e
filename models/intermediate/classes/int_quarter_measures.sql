-- At the start of a fiscal quarter every customer is judged anew, and for that with more figures than the
-- monthly schemes need. Ranks are among all customers of the company at that time.
with

quarters as (
    select * from {{ ref('int_class_months') }}
    where is_fiscal_quarter_start
),

int_class_measures as (
    select * from {{ ref('int_class_measures') }}
),

int_ranked_classes as (
    select * from {{ ref('int_ranked_classes') }}
),

int_customer_conduct as (
    select * from {{ ref('int_customer_conduct') }}
),

int_customer_gradings as (
    select * from {{ ref('int_customer_gradings') }}
),

int_category_mixes as (
    select * from {{ ref('int_category_mixes') }}
),

customers_described as (
    select * from {{ ref('int_customers_described') }}
),

final as (
    select
        measures.customer_key,
        measures.class_month,
        measures.edition,
        coalesce(customers_described.segment, '') as segment,
        coalesce(customers_described.industry, '') as industry,
        measures.net_revenue_t12,
        measures.margin_t12,
        cast(
            case when measures.net_revenue_t12 > 0 and measures.margin_t12 is not null then measures.net_revenue_t12 end
            as decimal(18, 4)
        ) as costed_revenue_t12,
        measures.sow_t12,
        measures.tenure_months,
        measures.order_count_t12,
        conduct.purchase_day_count_t12,
        conduct.discount_day_count_t12,
        conduct.case_count_t12,
        conduct.received_t12,
        conduct.received_in_time_t12,
        conduct.received_overdue_t12,
        gradings.credit_grade,
        gradings.volume_factor as credit_factor,
        gradings.long_term_intent,
        gradings.price_sensitivity,
        gradings.is_strategic,
        mixes.mix_stability,
        mixes.category_count,
        ranked.contribution,
        rank() over (
            partition by measures.edition, measures.class_month
            order by measures.net_revenue_t12 desc nulls last
        ) as volume_rank,
        rank() over (
            partition by measures.edition, measures.class_month
            order by measures.margin_t12 desc nulls last
        ) as margin_rank,
        rank() over (
            partition by measures.edition, measures.class_month
            order by conduct.purchase_day_count_t12 desc nulls last
        ) as frequency_rank,
        -- With equals, so that who brings as much is judged alike.
        sum(greatest(ranked.contribution, 0)) over (
            partition by measures.edition, measures.class_month
            order by ranked.contribution desc nulls last
        ) as contribution_so_far
    from int_class_measures as measures
    inner join quarters
        on measures.class_month = quarters.class_month
    inner join int_ranked_classes as ranked
        on
            measures.customer_key = ranked.customer_key
            and measures.class_month = ranked.class_month
            and measures.edition = ranked.edition
    inner join int_customer_conduct as conduct
        on
            measures.customer_key = conduct.customer_key
            and measures.class_month = conduct.class_month
    left join int_customer_gradings as gradings
        on
            measures.customer_key = gradings.customer_key
            and measures.class_month = gradings.class_month
    left join int_category_mixes as mixes
        on
            measures.customer_key = mixes.customer_key
            and measures.class_month = mixes.class_month
    left join customers_described
        on measures.customer_key = customers_described.customer_key
)

select * from final
