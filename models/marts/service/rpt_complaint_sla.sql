-- Complaints by the month they came in: how soon somebody knew, answered and solved, against the service level. Times
-- are Kaplan-Meier quantiles over all complaints of the month, open ones included. Never add over schemes.
{%- set times = {
    'acknowledgement': 'acknowledgement calendar', 'acknowledgement_business': 'acknowledgement business',
    'first_response': 'first_response calendar', 'first_response_business': 'first_response business',
    'first_resolution': 'first_resolution calendar', 'first_resolution_business': 'first_resolution business',
    'resolution': 'resolution calendar', 'resolution_business': 'resolution business',
} %}
with

fct_cases as (
    select * from {{ ref('fct_cases') }}
),

int_complaint_groups as (
    select * from {{ ref('int_complaint_groups') }}
),

int_complaint_quantiles as (
    select * from {{ ref('int_complaint_quantiles') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

counted as (
    select
        complaints.reporting_month,
        complaints.scheme,
        complaints.customer_class,
        cast(count(*) as bigint) as complaint_count,
        {% for status in ['merged', 'open', 'resolved', 'closed_unsolved'] -%}
        cast(count(case when cases.handling_status = '{{ status }}' then 1 end) as bigint) as {{ status }}_count,
        {% endfor -%}
        cast(count(case when cases.reopened_count > 0 then 1 end) as bigint) as reopened_count,
        cast(count(cases.acknowledged_at) as bigint) as acknowledged_count,
        cast(count(cases.is_first_resolution_known) as bigint) as handled_count,
        cast(count(case when cases.is_first_resolution_known then 1 end) as bigint) as first_resolution_known_count,
        {% for step in ['first_response', 'resolution'] -%}
        cast(count(cases.is_{{ step }}_in_time) as bigint) as {{ step }}_due_count,
        cast(count(case when cases.is_{{ step }}_in_time then 1 end) as bigint) as {{ step }}_in_time_count,
        {% endfor -%}
        cast(sum(cases.compensation_amount) as decimal(18, 4)) as compensation_amount
    from int_complaint_groups as complaints
    inner join fct_cases as cases
        on complaints.case_id = cases.case_id
    group by
        complaints.reporting_month,
        complaints.scheme,
        complaints.customer_class
),

pivoted as (
    select
        {% for time, series in times.items() -%}
        max(case when concat(step, ' ', clock) = '{{ series }}' then median_minutes end) as median_{{ time }}_minutes,
        max(case when concat(step, ' ', clock) = '{{ series }}' then late_minutes end) as late_{{ time }}_minutes,
        {% endfor -%}
        reporting_month,
        scheme,
        customer_class
    from int_complaint_quantiles
    group by
        reporting_month,
        scheme,
        customer_class
),

final as (
    select
        counted.reporting_month,
        counted.scheme,
        counted.customer_class,
        counted.complaint_count,
        counted.merged_count,
        counted.open_count,
        counted.resolved_count,
        counted.closed_unsolved_count,
        counted.reopened_count,
        counted.acknowledged_count,
        {{ safe_ratio('counted.acknowledged_count', 'counted.complaint_count') }} as acknowledgement_coverage_share,
        counted.first_resolution_known_count,
        {{ safe_ratio('counted.first_resolution_known_count', 'counted.handled_count') }}
            as first_resolution_coverage_share,
        {% for step in ['first_response', 'resolution'] -%}
        counted.{{ step }}_due_count,
        counted.{{ step }}_in_time_count,
        case
            when dim_months.is_closed_month
                then {{ safe_ratio('counted.' ~ step ~ '_in_time_count', 'counted.' ~ step ~ '_due_count') }}
        end as {{ step }}_in_time_rate,
        {% for bound in ['low', 'high'] -%}
        case
            when dim_months.is_closed_month
                then {{ wilson_bound('counted.' ~ step ~ '_in_time_count', 'counted.' ~ step ~ '_due_count', bound) }}
        end as {{ step }}_in_time_{{ bound }}_rate,
        {% endfor -%}
        {% endfor -%}
        {% for time in times -%}
        pivoted.median_{{ time }}_minutes,
        pivoted.late_{{ time }}_minutes,
        {% endfor -%}
        counted.compensation_amount,
        dim_months.is_closed_month
    from counted
    inner join dim_months
        on counted.reporting_month = dim_months.reporting_month
    left join pivoted
        on
            counted.reporting_month = pivoted.reporting_month
            and counted.scheme = pivoted.scheme
            and counted.customer_class = pivoted.customer_class
)

select * from final
