-- What customers tell and ask us, month by month and by kind: how much is answered, fulfilled in time, and, of
-- suggestions, taken up. What another case took over counts as brought and is handled there.
{%- set rates = {
    'answer': 'is_first_response_in_time', 'fulfil': 'is_resolution_in_time', 'adoption': 'is_adopted',
} %}
with

fct_cases as (
    select * from {{ ref('fct_cases') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

counted as (
    select
        reporting_month,
        case_type,
        cast(count(*) as bigint) as received_count,
        cast(count(case when handling_status = 'merged' then 1 end) as bigint) as merged_count,
        {% for rate, flag in rates.items() -%}
        cast(count(case when handling_status <> 'merged' then {{ flag }} end) as bigint) as {{ rate }}_known_count,
        cast(count(case when handling_status <> 'merged' and {{ flag }} then 1 end) as bigint) as {{ rate }}_count,
        {% endfor -%}
        cast(count(case when handling_status <> 'merged' then first_response_at end) as bigint) as answered_count
    from fct_cases
    group by
        reporting_month,
        case_type
),

final as (
    select
        counted.reporting_month,
        counted.case_type,
        counted.received_count,
        counted.merged_count,
        counted.answered_count,
        case
            when dim_months.is_closed_month
                then {{ safe_ratio('counted.answered_count', 'counted.received_count - counted.merged_count') }}
        end as answered_share,
        {% for rate in rates -%}
        {% set count, known = 'counted.' ~ rate ~ '_count', 'counted.' ~ rate ~ '_known_count' -%}
        {{ known }},
        {{ count }},
        case when dim_months.is_closed_month then {{ safe_ratio(count, known) }} end as {{ rate }}_rate,
        case when dim_months.is_closed_month then {{ wilson_bound(count, known, 'low') }} end as {{ rate }}_low_rate,
        case when dim_months.is_closed_month then {{ wilson_bound(count, known, 'high') }} end as {{ rate }}_high_rate,
        {% endfor -%}
        dim_months.is_closed_month
    from counted
    inner join dim_months
        on counted.reporting_month = dim_months.reporting_month
)

select * from final
