-- Visits to key accounts in the month, and what was planned against what was held. Before contacts were recorded nobody
-- knows.
with

int_key_account_months as (
    select * from {{ ref('int_key_account_months') }}
),

fct_touchpoints as (
    select * from {{ ref('fct_touchpoints') }}
),

starts as (
    select min(reporting_month) as first_month
    from fct_touchpoints
),

counted as (
    select
        months.customer_key,
        months.reporting_month,
        {% for kind in ['visit', 'executive_visit'] -%}
        count(
            case
                when touchpoints.is_held and not touchpoints.is_repeat and touchpoints.activity_type = '{{ kind }}'
                    then 1
            end
        ) as {{ kind }}_count,
        {% endfor -%}
        count(case when touchpoints.is_planned then 1 end) as planned_count,
        count(case when touchpoints.is_planned and touchpoints.is_held then 1 end) as planned_held_count
    from int_key_account_months as months
    inner join starts
        on months.reporting_month >= starts.first_month
    left join fct_touchpoints as touchpoints
        on
            months.customer_key = touchpoints.customer_key
            and months.reporting_month = touchpoints.reporting_month
    group by
        months.customer_key,
        months.reporting_month
),

final as (
    select
        customer_key,
        reporting_month,
        cast(visit_count as bigint) as visit_count,
        cast(executive_visit_count as bigint) as executive_visit_count,
        cast(planned_count as bigint) as planned_count,
        cast(planned_held_count as bigint) as planned_held_count
    from counted
)

select * from final
