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

{{ add_policies_in_force(
    'final', 'service_policies', 'dim_months', ['reporting_month'], 'reporting_month', parameters
) }}

select * from final
