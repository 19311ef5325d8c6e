-- How long a category may be silent: the quantile of its buyers' pauses, every buyer weighing the same,
-- frozen for the fiscal year like the threshold of the customer as a whole.
with

int_category_gaps as (
    select * from {{ ref('int_category_gaps') }}
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

known_gaps as (
    select
        int_category_gaps.customer_key,
        int_category_gaps.product_category,
        int_category_gaps.gap_days,
        int_defection_policies.fiscal_year,
        count(*) over (
            partition by
                int_category_gaps.customer_key,
                int_category_gaps.product_category,
                int_defection_policies.fiscal_year
        ) as completed_gap_count
    from int_category_gaps
    inner join int_defection_policies
        on
            int_category_gaps.next_purchase_date < int_defection_policies.fiscal_year_start_date
            and int_defection_policies.has_enough_history
),

weighted_gaps as (
    select
        product_category,
        fiscal_year,
        gap_days,
        sum(cast(1 / cast(completed_gap_count as double) as decimal(18, 12))) as gap_weight
    from known_gaps
    group by
        product_category,
        fiscal_year,
        gap_days
),

cumulated as (
    select
        product_category,
        fiscal_year,
        gap_days,
        sum(gap_weight) over (
            partition by product_category, fiscal_year
            order by gap_days nulls last
            rows between unbounded preceding and current row
        ) as weight_up_to_here,
        sum(gap_weight) over (partition by product_category, fiscal_year) as total_weight
    from weighted_gaps
),

quantiles as (
    select
        cumulated.product_category,
        cumulated.fiscal_year,
        cast(round(max(cumulated.total_weight), 0) as bigint) as customer_count,
        min(case
            when cumulated.weight_up_to_here >= int_defection_policies.peer_threshold_quantile * cumulated.total_weight
                then cumulated.gap_days
        end) as peer_threshold_days
    from cumulated
    inner join int_defection_policies
        on cumulated.fiscal_year = int_defection_policies.fiscal_year
    group by
        cumulated.product_category,
        cumulated.fiscal_year
),

categories as (
    select distinct product_category
    from int_category_gaps
),

final as (
    select
        categories.product_category,
        int_defection_policies.fiscal_year,
        int_defection_policies.fiscal_year_start_date,
        int_defection_policies.next_fiscal_year_start_date,
        int_defection_policies.category_memory_days,
        int_defection_policies.own_minimum_gap_count,
        int_defection_policies.category_own_gap_factor,
        quantiles.customer_count,
        case
            when quantiles.peer_threshold_days is null then int_defection_policies.default_threshold_days
            else least(
                greatest(quantiles.peer_threshold_days, int_defection_policies.floor_days),
                int_defection_policies.cap_days
            )
        end as threshold_days
    from categories
    cross join int_defection_policies
    left join quantiles
        on
            categories.product_category = quantiles.product_category
            and int_defection_policies.fiscal_year = quantiles.fiscal_year
            and int_defection_policies.peer_minimum_customer_count <= quantiles.customer_count
)

select * from final
