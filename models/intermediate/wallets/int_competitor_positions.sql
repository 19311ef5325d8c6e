with

positions as (
    select * from {{ ref('stg_crm__competitor_positions') }}
),

accounts as (
    select * from {{ ref('int_account_identities') }}
),

competitor_evidence as (
    select * from {{ ref('competitor_evidence') }}
),

ranked as (
    select
        accounts.customer_key,
        positions.product_category,
        positions.competitor_id as competitor_key,
        positions.noted_on as noted_date,
        competitor_evidence.evidence,
        competitor_evidence.evidence_rank,
        positions.estimated_share as competitor_share,
        row_number() over (
            partition by
                accounts.customer_key,
                positions.product_category,
                positions.competitor_id,
                positions.noted_on
            order by competitor_evidence.evidence_rank asc nulls last, positions.account_id asc nulls last
        ) as note_rank
    from positions
    inner join accounts
        on positions.account_id = accounts.account_id
    inner join competitor_evidence
        on coalesce(positions.evidence, 'estimate') = competitor_evidence.evidence
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
    from ranked
    where note_rank = 1
)

select * from final
