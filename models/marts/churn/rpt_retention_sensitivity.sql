-- What one point of churn is worth, from our own margins: next year's profit of the customers kept, and the
-- change in a customer's lifetime margin where every year loses the same share. The claim that a point less
-- doubles the profit stands beside it as a hypothesis and enters nothing.
with

int_class_churn_counts as (
    select * from {{ ref('int_class_churn_counts') }}
    where basis <> 'year_earlier'
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

yearly as (
    select
        counts.basis,
        counts.scheme,
        counts.customer_class,
        dim_months.reporting_month,
        counts.start_full_count as start_customer_count,
        counts.full_trailing_year_count as defected_customer_count,
        counts.start_full_costed_count as costed_customer_count,
        counts.start_full_margin as start_margin,
        policies.sensitivity_point_share,
        policies.discount_rate,
        policies.claimed_profit_gain_share,
        {{ safe_ratio('counts.full_trailing_year_count', 'counts.start_full_count') }} as churn_rate,
        {{ safe_ratio('counts.start_full_margin', 'counts.start_full_costed_count') }} as margin_per_customer
    from int_class_churn_counts as counts
    inner join dim_months
        on dim_months.reporting_month = cast({{ dbt.dateadd('month', 11, 'counts.reporting_month') }} as date)
    inner join int_defection_policies as policies
        on dim_months.fiscal_year = policies.fiscal_year
    where dim_months.is_closed_month
),

-- With churn c and discount d a customer that brings m a year is worth m * (1 + d) / (c + d).
valued as (
    select
        *,
        least(sensitivity_point_share, churn_rate) as saved_share,
        margin_per_customer * (1 + discount_rate) / (churn_rate + discount_rate) as lifetime_margin,
        margin_per_customer * (1 + discount_rate)
        / (churn_rate - least(sensitivity_point_share, churn_rate) + discount_rate) as lifetime_margin_after
    from yearly
),

final as (
    select
        scheme,
        customer_class,
        basis,
        reporting_month,
        start_customer_count,
        defected_customer_count,
        churn_rate,
        margin_per_customer,
        {{ safe_ratio('costed_customer_count', 'start_customer_count') }} as margin_coverage_share,
        cast(saved_share as double) as saved_point_share,
        saved_share * start_customer_count * margin_per_customer as next_year_margin_gain,
        {{ safe_ratio('saved_share * start_customer_count * margin_per_customer', 'start_margin') }}
            as next_year_gain_ratio,
        lifetime_margin,
        lifetime_margin_after,
        lifetime_margin_after / nullif(lifetime_margin, 0) - 1 as lifetime_gain_ratio,
        cast(claimed_profit_gain_share as double) as claimed_gain_ratio,
        case
            when lifetime_margin is null or saved_share = 0 then 'not_measurable'
            when lifetime_margin_after / nullif(lifetime_margin, 0) - 1 >= claimed_profit_gain_share then 'supported'
            else 'contradicted'
        end as claim_verdict
    from valued
)

select * from final
