-- Quantiles are gaps that occurred: the shortest gap that at least the given share of the
-- customer's gaps did not exceed.
with

int_customer_gaps as (
    select * from {{ ref('int_customer_gaps') }}
),

int_threshold_policies as (
    select * from {{ ref('int_threshold_policies') }}
),

cumulated as (
    select
        customer_key,
        fiscal_year,
        gap_days,
        sum(gap_count) over (
            partition by customer_key, fiscal_year
            order by gap_days nulls last
            rows between unbounded preceding and current row
        ) as gaps_up_to_here,
        sum(gap_count) over (partition by customer_key, fiscal_year) as completed_gap_count
    from int_customer_gaps
),

final as (
    select
        cumulated.customer_key,
        cumulated.fiscal_year,
        int_threshold_policies.is_in_force,
        cast(max(cumulated.completed_gap_count) as bigint) as completed_gap_count,
        min(case
            when
                cumulated.gaps_up_to_here
                >= int_threshold_policies.expected_gap_quantile * cumulated.completed_gap_count
                then cumulated.gap_days
        end) as own_expected_gap_days,
        min(case
            when
                cumulated.gaps_up_to_here
                >= int_threshold_policies.own_threshold_quantile * cumulated.completed_gap_count
                then cumulated.gap_days
        end) as own_threshold_days
    from cumulated
    inner join int_threshold_policies
        on cumulated.fiscal_year = int_threshold_policies.fiscal_year
    where cumulated.completed_gap_count >= int_threshold_policies.own_minimum_gap_count
    group by
        cumulated.customer_key,
        cumulated.fiscal_year,
        int_threshold_policies.is_in_force
)

select * from final
