-- Every customer weighs the same, however often it buys: pooled gaps would let a few daily buyers
-- set the threshold of everybody. Weights are decimals so that sums do not depend on row order.
with

int_customer_gaps as (
    select * from {{ ref('int_customer_gaps') }}
),

int_customer_peers as (
    select * from {{ ref('int_customer_peers') }}
),

int_threshold_policies as (
    select * from {{ ref('int_threshold_policies') }}
),

customer_totals as (
    select
        customer_key,
        fiscal_year,
        sum(gap_count) as completed_gap_count
    from int_customer_gaps
    group by
        customer_key,
        fiscal_year
),

group_gaps as (
    select
        int_customer_peers.fiscal_year,
        int_customer_peers.segment,
        int_customer_peers.product_cycle,
        int_customer_gaps.gap_days,
        sum(cast(int_customer_gaps.gap_count / cast(customer_totals.completed_gap_count as double) as decimal(18, 12)))
            as gap_weight
    from int_customer_gaps
    inner join customer_totals
        on
            int_customer_gaps.customer_key = customer_totals.customer_key
            and int_customer_gaps.fiscal_year = customer_totals.fiscal_year
    inner join int_customer_peers
        on
            int_customer_gaps.customer_key = int_customer_peers.customer_key
            and int_customer_gaps.fiscal_year = int_customer_peers.fiscal_year
    group by
        int_customer_peers.fiscal_year,
        int_customer_peers.segment,
        int_customer_peers.product_cycle,
        int_customer_gaps.gap_days
),

-- The group 'all' of both is what small groups fall back on.
with_all_peers as (
    select * from group_gaps

    union all

    select
        fiscal_year,
        'all' as segment,
        'all' as product_cycle,
        gap_days,
        sum(gap_weight) as gap_weight
    from group_gaps
    group by
        fiscal_year,
        gap_days
),

cumulated as (
    select
        fiscal_year,
        segment,
        product_cycle,
        gap_days,
        sum(gap_weight) over (
            partition by fiscal_year, segment, product_cycle
            order by gap_days nulls last
            rows between unbounded preceding and current row
        ) as weight_up_to_here,
        sum(gap_weight) over (partition by fiscal_year, segment, product_cycle) as total_weight
    from with_all_peers
),

final as (
    select
        cumulated.fiscal_year,
        int_threshold_policies.is_in_force,
        cumulated.segment,
        cumulated.product_cycle,
        cast(round(max(cumulated.total_weight), 0) as bigint) as customer_count,
        min(case
            when cumulated.weight_up_to_here >= int_threshold_policies.expected_gap_quantile * cumulated.total_weight
                then cumulated.gap_days
        end) as peer_expected_gap_days,
        min(case
            when cumulated.weight_up_to_here >= int_threshold_policies.peer_threshold_quantile * cumulated.total_weight
                then cumulated.gap_days
        end) as peer_threshold_days
    from cumulated
    inner join int_threshold_policies
        on cumulated.fiscal_year = int_threshold_policies.fiscal_year
    group by
        cumulated.fiscal_year,
        int_threshold_policies.is_in_force,
        cumulated.segment,
        cumulated.product_cycle
)

select * from final
