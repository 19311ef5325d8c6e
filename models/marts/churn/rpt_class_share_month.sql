-- What each class is of the whole: heads, revenue and margin of everybody the company has at the start of a month, and
-- how that has moved in a year. Whoever no class is known of stays in the base, so that the shares of a scheme add up.
{%- set measures = {'customer': 'customer_count', 'revenue': 'net_revenue_t12', 'margin': 'margin_t12'} %}
with

dim_months as (
    select * from {{ ref('dim_months') }}
),

classes as (
    select
        counts.scheme,
        counts.customer_class,
        counts.basis,
        counts.reporting_month,
        month_before.is_closed_month as is_start_closed,
        counts.start_full_count as customer_count,
        counts.start_full_revenue as net_revenue_t12,
        case when counts.start_full_costed_count > 0 then counts.start_full_margin end as margin_t12,
        counts.start_full_costed_count as costed_customer_count
    from {{ ref('int_class_churn_counts') }} as counts
    inner join dim_months
        on counts.reporting_month = dim_months.reporting_month
    inner join dim_months as month_before
        on dim_months.reporting_month = month_before.period_end_date
    where counts.scheme <> 'all' and counts.basis <> 'year_earlier'
),

totalled as (
    select
        *,
        {% for measure in measures.values() -%}
        sum({{ measure }}) over schemes as total_{{ measure }},
        {% endfor -%}
        count(case when customer_class = 'unknown_history' then 1 end) over schemes as unknown_class_count,
        cast({{ dbt.dateadd('month', -12, 'reporting_month') }} as date) as year_before_month
    from classes
    window schemes as (partition by scheme, basis, reporting_month)
),

shared as (
    select
        *,
        {% for share, measure in measures.items() -%}
        case when is_start_closed then {{ safe_ratio(measure, 'total_' ~ measure) }} end as {{ share }}_share,
        {% endfor -%}
        total_margin_t12 is not null as is_costed
    from totalled
),

-- A year before in which the scheme was known: a class without a row had no customers then.
known_years as (
    select distinct
        scheme,
        basis,
        reporting_month,
        is_costed
    from shared
    where unknown_class_count = 0 and is_start_closed
),

final as (
    select
        shared.scheme,
        shared.customer_class,
        shared.basis,
        shared.reporting_month,
        shared.customer_count,
        cast(shared.total_customer_count as bigint) as total_customer_count,
        shared.customer_share,
        shared.net_revenue_t12,
        cast(shared.total_net_revenue_t12 as decimal(18, 4)) as total_net_revenue_t12,
        shared.revenue_share,
        shared.margin_t12,
        cast(shared.total_margin_t12 as decimal(18, 4)) as total_margin_t12,
        shared.margin_share,
        shared.costed_customer_count,
        {{ safe_ratio('shared.costed_customer_count', 'shared.customer_count') }} as margin_coverage_share,
        {% for share in measures -%}
        case
            when known_years.scheme is not null
                then round(
                    shared.{{ share }}_share
                    - case
                        when earlier.scheme is not null then earlier.{{ share }}_share
                        when {{ 'known_years.is_costed' if share == 'margin' else 'true' }} then 0
                    end, 12
                )
        end as {{ share }}_share_change,
        {% endfor -%}
        shared.is_start_closed
    from shared
    left join known_years
        on
            shared.scheme = known_years.scheme
            and shared.basis = known_years.basis
            and shared.year_before_month = known_years.reporting_month
    left join shared as earlier
        on
            shared.scheme = earlier.scheme
            and shared.customer_class = earlier.customer_class
            and shared.basis = earlier.basis
            and shared.year_before_month = earlier.reporting_month
)

select * from final
