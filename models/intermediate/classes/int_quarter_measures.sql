-- At the start of a fiscal quarter every customer is judged anew, and for that with more figures than the
-- monthly schemes need. Ranks are among all customers of the company at that time.
{%- set conducted = [
    'purchase_day_count_t12', 'discount_day_count_t12', 'case_count_t12',
    'received_t12', 'received_in_time_t12', 'received_overdue_t12',
] %}
with

quarters as (
    select class_month from {{ ref('int_class_months') }}
    where is_fiscal_quarter_start
),

int_class_measures as (
    select * from {{ ref('int_class_measures') }}
),

cuts as (
    select * from {{ ref('int_class_cuts') }}
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

-- Ranked before they are described: a ranking carries along whatever stands beside it.
based as (
    select
        measures.*,
        {% for column in conducted -%}
        conduct.{{ column }},
        {% endfor -%}
        case when cuts.is_margin_basis then measures.margin_t12 else measures.net_revenue_t12 end as contribution
    from int_class_measures as measures
    inner join quarters
        on measures.class_month = quarters.class_month
    inner join cuts
        on
            measures.class_month = cuts.class_month
            and measures.edition = cuts.edition
    inner join int_customer_conduct as conduct
        on
            measures.customer_key = conduct.customer_key
            and measures.class_month = conduct.class_month
),

ranked as (
    select
        *,
        {% for rank, amount in {
            'volume_rank': 'net_revenue_t12', 'margin_rank': 'margin_t12', 'frequency_rank': 'purchase_day_count_t12',
        }.items() -%}
        rank() over (partition by edition, class_month order by {{ amount }} desc nulls last) as {{ rank }},
        {% endfor -%}
        -- With equals, so that who brings as much is judged alike.
        sum(greatest(contribution, 0)) over (
            partition by edition, class_month
            order by contribution desc nulls last
        ) as contribution_so_far
    from based
),

final as (
    select
        ranked.customer_key,
        ranked.class_month,
        ranked.edition,
        coalesce(customers_described.segment, '') as segment,
        coalesce(customers_described.industry, '') as industry,
        ranked.net_revenue_t12,
        ranked.margin_t12,
        cast(
            case when ranked.net_revenue_t12 > 0 and ranked.margin_t12 is not null then ranked.net_revenue_t12 end
            as decimal(18, 4)
        ) as costed_revenue_t12,
        ranked.sow_t12,
        ranked.tenure_months,
        ranked.order_count_t12,
        {% for column in conducted -%}
        ranked.{{ column }},
        {% endfor -%}
        gradings.credit_grade,
        gradings.volume_factor as credit_factor,
        gradings.long_term_intent,
        gradings.price_sensitivity,
        gradings.is_strategic,
        mixes.mix_stability,
        mixes.category_count,
        ranked.contribution,
        ranked.volume_rank,
        ranked.margin_rank,
        ranked.frequency_rank,
        ranked.contribution_so_far
    from ranked
    left join int_customer_gradings as gradings
        on
            ranked.customer_key = gradings.customer_key
            and ranked.class_month = gradings.class_month
    left join int_category_mixes as mixes
        on
            ranked.customer_key = mixes.customer_key
            and ranked.class_month = mixes.class_month
    left join customers_described
        on ranked.customer_key = customers_described.customer_key
)

select * from final
