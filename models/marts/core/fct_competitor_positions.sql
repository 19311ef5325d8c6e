-- One row per customer, product category, competitor and day. Shares are not additive.
with

int_competitor_positions as (
    select * from {{ ref('int_competitor_positions') }}
),

final as (
    select
        customer_key,
        product_category,
        competitor_key,
        noted_date,
        evidence,
        evidence_rank,
        competitor_share
    from int_competitor_positions
)

select * from final
