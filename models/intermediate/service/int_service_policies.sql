{%- set parameters = {
    'backlog_old_days': 'bigint',
    'handling_landmark_days': 'bigint',
    'late_percentile_share': 'decimal(18, 4)',
    'complaint_washout_months': 'bigint',
    'decision_maker_weight': 'bigint',
    'satisfaction_minimum_count': 'bigint',
    'silent_window_days': 'bigint',
    'satisfied_memory_days': 'bigint',
    'growth_tenure_months': 'bigint',
    'repeat_contact_minutes': 'bigint',
} -%}
with

dim_months as (
    select * from {{ ref('dim_months') }}
),

service_policies as (
    select * from {{ ref('service_policies') }}
),

versions_in_force as (
    select
        dim_months.reporting_month,
        max(service_policies.valid_from) as valid_from
    from dim_months
    inner join service_policies
        on dim_months.reporting_month >= service_policies.valid_from
    group by dim_months.reporting_month
),

final as (
    select
        versions_in_force.reporting_month,
        {% for parameter, data_type in parameters.items() -%}
        cast(
            max(case when service_policies.parameter = '{{ parameter }}' then service_policies.value end)
            as {{ data_type }}
        ) as {{ parameter }},
        {% endfor -%}
        max(service_policies.policy_version) as policy_version
    from versions_in_force
    inner join service_policies
        on versions_in_force.valid_from = service_policies.valid_from
    group by versions_in_force.reporting_month
)

select * from final
