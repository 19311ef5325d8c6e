-- What is hanging: complaints open at the end of every month, with their age, and how the month moved them. Classes
-- are those at the start of the month, so that within a row start + received - ended = end. A complaint that was
-- reopened since is told by its last solving: between the two solvings it stands here as open.
{%- set schemes = ['core', 'abcd', 'key_account'] %}
with

fct_cases as (
    select * from {{ ref('fct_cases') }}
    where case_type = 'complaint' and handling_status <> 'merged'
),

int_customer_classes as (
    select * from {{ ref('int_customer_classes') }}
    where edition = 'as_known'
),

int_service_policies as (
    select * from {{ ref('int_service_policies') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

lived as (
    select
        dim_months.reporting_month,
        dim_months.is_closed_month,
        cases.customer_key,
        cases.received_at < dim_months.period_start_date as is_open_at_start,
        cases.received_at >= dim_months.period_start_date as is_received,
        coalesce(cases.ended_at < dim_months.period_end_date, false) as is_ended,
        -- The month is not over where nobody has looked further.
        {{ dbt.datediff(
            'cast(cases.received_at as date)',
            'least(dim_months.period_end_date, cast(cases.followed_until_at as date))', 'day'
        ) }} as age_days
    from fct_cases as cases
    inner join dim_months
        on
            cases.received_at < dim_months.period_end_date
            and coalesce(cases.ended_at >= dim_months.period_start_date, true)
),

grouped as (
    select
        lived.*,
        'all' as scheme,
        'all' as customer_class
    from lived
    {%- for scheme in schemes %}

    union all

    select
        lived.*,
        '{{ scheme }}' as scheme,
        coalesce(classes.{{ scheme }}_class, 'unclassified') as customer_class
    from lived
    left join int_customer_classes as classes
        on
            lived.customer_key = classes.customer_key
            and lived.reporting_month = classes.class_month
    {%- endfor %}
),

counted as (
    select
        grouped.reporting_month,
        grouped.scheme,
        grouped.customer_class,
        grouped.is_closed_month,
        cast(count(case when grouped.is_open_at_start then 1 end) as bigint) as start_open_count,
        cast(count(case when grouped.is_received then 1 end) as bigint) as received_count,
        cast(count(case when grouped.is_ended then 1 end) as bigint) as ended_count,
        cast(count(case when not grouped.is_ended then 1 end) as bigint) as end_open_count,
        cast(count(
            case when not grouped.is_ended and grouped.age_days > policies.backlog_old_days then 1 end
        ) as bigint) as old_open_count,
        median(cast(case when not grouped.is_ended then grouped.age_days end as double)) as median_age_days,
        cast(max(case when not grouped.is_ended then grouped.age_days end) as bigint) as oldest_age_days
    from grouped
    inner join int_service_policies as policies
        on grouped.reporting_month = policies.reporting_month
    group by
        grouped.reporting_month,
        grouped.scheme,
        grouped.customer_class,
        grouped.is_closed_month
),

final as (
    select
        reporting_month,
        scheme,
        customer_class,
        start_open_count,
        received_count,
        ended_count,
        end_open_count,
        old_open_count,
        case when is_closed_month then {{ safe_ratio('old_open_count', 'end_open_count') }} end as old_open_share,
        median_age_days,
        oldest_age_days,
        is_closed_month
    from counted
)

select * from final
