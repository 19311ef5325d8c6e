-- A small segment can be lost altogether without the total showing it. Every segment's year beside the rest
-- of the company, flagged where its rate is a multiple of the total's and enough customers stand behind it.
{%- set dimensions = ['segment', 'industry', 'region', 'employee_band'] %}
with

int_churn_bases as (
    select * from {{ ref('int_churn_bases') }}
),

dim_customers as (
    select * from {{ ref('dim_customers') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

-- One pass over the customers; each dimension adds a few rows up.
combinations as (
    select
        bases.reporting_month as period_start_month,
        {% for dimension in dimensions -%}
        coalesce(dim_customers.{{ dimension }}, 'unknown') as {{ dimension }},
        {% endfor -%}
        count(*) as start_customer_count,
        count(case when bases.is_full_after_trailing_year then 1 end) as defected_customer_count,
        sum(bases.revenue_at_start) as start_revenue,
        sum(case when bases.is_full_after_trailing_year then bases.revenue_at_start else 0 end) as defected_revenue
    from int_churn_bases as bases
    left join dim_customers
        on bases.customer_key = dim_customers.customer_key
    where bases.is_full_after_trailing_year is not null
    group by
        {% for dimension in dimensions -%}
        coalesce(dim_customers.{{ dimension }}, 'unknown'),
        {% endfor -%}
        bases.reporting_month
),

segments as (
    {% for dimension in dimensions -%}
    select
        '{{ dimension }}' as dimension,
        {{ dimension }} as segment,
        cast({{ dbt.dateadd('month', 11, 'period_start_month') }} as date) as reporting_month,
        cast(sum(start_customer_count) as bigint) as start_customer_count,
        cast(sum(defected_customer_count) as bigint) as defected_customer_count,
        cast(sum(start_revenue) as decimal(18, 4)) as start_revenue,
        cast(sum(defected_revenue) as decimal(18, 4)) as defected_revenue
    from combinations
    group by {{ dimension }}, period_start_month
    {% if not loop.last %}
    union all

    {% endif -%}
    {%- endfor %}
),

with_totals as (
    select
        segments.*,
        dim_months.is_closed_month,
        policies.concentration_minimum_count,
        policies.concentration_rate_factor,
        sum(segments.start_customer_count) over (
            partition by segments.dimension, segments.reporting_month
        ) as total_start_customer_count,
        sum(segments.defected_customer_count) over (
            partition by segments.dimension, segments.reporting_month
        ) as total_defected_customer_count
    from segments
    inner join dim_months
        on segments.reporting_month = dim_months.reporting_month
    inner join int_defection_policies as policies
        on dim_months.fiscal_year = policies.fiscal_year
    where dim_months.is_closed_month
),

rated as (
    select
        *,
        {{ safe_ratio('defected_customer_count', 'start_customer_count') }} as churn_rate,
        {{ wilson_bound('defected_customer_count', 'start_customer_count', 'low') }} as churn_low_rate,
        {{ wilson_bound('defected_customer_count', 'start_customer_count', 'high') }} as churn_high_rate,
        {{ safe_ratio('total_defected_customer_count', 'total_start_customer_count') }} as total_churn_rate,
        {{ safe_ratio(
            '(total_defected_customer_count - defected_customer_count)',
            '(total_start_customer_count - start_customer_count)'
        ) }} as rest_churn_rate
    from with_totals
),

final as (
    select
        dimension,
        segment,
        reporting_month,
        start_customer_count,
        defected_customer_count,
        churn_rate,
        churn_low_rate,
        churn_high_rate,
        rest_churn_rate,
        total_churn_rate,
        churn_rate / nullif(total_churn_rate, 0) as rate_ratio,
        start_revenue,
        defected_revenue,
        start_customer_count >= concentration_minimum_count
        and churn_rate > 0
        and churn_rate >= concentration_rate_factor * total_churn_rate as is_concentrated,
        coalesce(churn_low_rate > rest_churn_rate, false) as is_beyond_chance,
        is_closed_month
    from rated
)

select * from final
