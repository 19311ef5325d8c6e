-- Three ways to cut the same customers: never add segments of different kinds. Spending on programmes names
-- no customer and is shared out by net revenue, the one key that is known of everybody.
with

fct_contributions as (
    select * from {{ ref('fct_contributions') }}
),

dim_customers as (
    select * from {{ ref('dim_customers') }}
),

int_programme_months as (
    select * from {{ ref('int_programme_months') }}
),

described as (
    select
        contributions.*,
        coalesce(dim_customers.segment, 'unknown') as segment,
        coalesce(dim_customers.industry, 'unknown') as industry,
        coalesce(dim_customers.region, 'unknown') as region
    from fct_contributions as contributions
    left join dim_customers
        on contributions.customer_key = dim_customers.customer_key
),

{% for kind in ['segment', 'industry', 'region'] -%}
by_{{ kind }} as (
    select
        reporting_month,
        '{{ kind }}' as segment_kind,
        {{ kind }} as segment_name,
        is_closed_month,
        count(case when net_revenue_t12_amount <> 0 then 1 end) as customer_count,
        sum(net_revenue_t12_amount) as net_revenue,
        sum(case when margin_t12_amount is not null then net_revenue_t12_amount else 0 end) as margined_revenue,
        sum(margin_t12_amount) as margin,
        sum(cost_to_serve_t12_amount) as cost_to_serve,
        sum(bad_debt_t12_amount) as bad_debt,
        sum(contribution_t12_amount) as contribution
    from described
    group by
        reporting_month,
        {{ kind }},
        is_closed_month
),

{% endfor -%}
segments as (
    select * from by_segment
    union all
    select * from by_industry
    union all
    select * from by_region
),

shared as (
    select
        segments.*,
        -- Rounded before it is taken off, or profit and its parts would part in the last digit.
        cast(int_programme_months.programme_t12 * {{ safe_ratio(
            'greatest(segments.net_revenue, 0)',
            'sum(greatest(segments.net_revenue, 0)) over (partition by segments.reporting_month, segments.segment_kind)'
        ) }} as decimal(18, 4)) as programme_share
    from segments
    left join int_programme_months
        on segments.reporting_month = int_programme_months.reporting_month
),

final as (
    select
        reporting_month,
        segment_kind,
        segment_name,
        cast(customer_count as bigint) as customer_count,
        cast(net_revenue as decimal(18, 4)) as net_revenue_t12_amount,
        cast(margin as decimal(18, 4)) as margin_t12_amount,
        cast(cost_to_serve as decimal(18, 4)) as cost_to_serve_t12_amount,
        cast(bad_debt as decimal(18, 4)) as bad_debt_t12_amount,
        cast(contribution as decimal(18, 4)) as contribution_t12_amount,
        programme_share as programme_t12_amount,
        cast(contribution - coalesce(programme_share, 0) as decimal(18, 4)) as profit_t12_amount,
        case
            when is_closed_month
                then {{ safe_ratio('contribution - coalesce(programme_share, 0)', 'net_revenue') }}
        end as profit_ratio,
        case
            when net_revenue > 0 then greatest(least({{ safe_ratio('margined_revenue', 'net_revenue') }}, 1), 0)
        end as margin_coverage_share,
        is_closed_month
    from shared
)

select * from final
