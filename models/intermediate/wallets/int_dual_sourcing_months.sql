with

int_competitor_positions as (
    select * from {{ ref('int_competitor_positions') }}
),

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

int_wallet_policies as (
    select * from {{ ref('int_wallet_policies') }}
),

int_share_of_wallet_months as (
    select * from {{ ref('int_share_of_wallet_months') }}
),

competitor_evidence as (
    select * from {{ ref('competitor_evidence') }}
),

months as (
    select
        int_month_ends.reporting_month,
        int_month_ends.evaluation_date,
        int_wallet_policies.position_memory_months,
        int_wallet_policies.dual_sourcing_share
    from int_month_ends
    inner join int_wallet_policies
        on int_month_ends.fiscal_year = int_wallet_policies.fiscal_year
),

seen as (
    select
        positions.customer_key,
        months.reporting_month,
        min(positions.evidence_rank) as evidence_rank,
        count(distinct positions.competitor_key) as competitor_count
    from int_competitor_positions as positions
    inner join months
        on
            positions.noted_date <= months.evaluation_date
            and (year(months.reporting_month) - year(positions.noted_date)) * 12
            + month(months.reporting_month) - month(positions.noted_date) <= months.position_memory_months
    -- A share of nothing says that the rival is gone; a note without a share says that it is there.
    where positions.competitor_share is null or positions.competitor_share > 0
    group by positions.customer_key, months.reporting_month
),

-- Nobody seen, and yet not all of the wallet is ours.
concluded as (
    select
        wallets.customer_key,
        wallets.reporting_month,
        wallets.sow_t12,
        case when wallets.sow_t12 < months.dual_sourcing_share then competitor_evidence.evidence_rank end
            as evidence_rank
    from int_share_of_wallet_months as wallets
    inner join months
        on wallets.reporting_month = months.reporting_month
    inner join competitor_evidence
        on competitor_evidence.evidence = 'share_of_wallet'
    where wallets.sow_t12 is not null
),

together as (
    select
        coalesce(seen.customer_key, concluded.customer_key) as customer_key,
        coalesce(seen.reporting_month, concluded.reporting_month) as reporting_month,
        coalesce(seen.evidence_rank, concluded.evidence_rank) as evidence_rank,
        coalesce(seen.competitor_count, 0) as competitor_count,
        1 - concluded.sow_t12 as competitor_share
    from seen
    full outer join concluded
        on
            seen.customer_key = concluded.customer_key
            and seen.reporting_month = concluded.reporting_month
),

final as (
    select
        together.customer_key,
        together.reporting_month,
        competitor_evidence.evidence,
        together.evidence_rank,
        cast(together.competitor_count as bigint) as competitor_count,
        together.competitor_share
    from together
    inner join competitor_evidence
        on together.evidence_rank = competitor_evidence.evidence_rank
)

select * from final
