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
    'archive_timely_business_days': 'bigint',
    'relationship_window_months': 'bigint',
    'single_rep_share': 'decimal(18, 4)',
    'single_rep_minimum_count': 'bigint',
    'reached_role_minimum': 'bigint',
    'intelligence_fresh_days': 'bigint',
    'demand_response_days': 'bigint',
    'guarantee_window_months': 'bigint',
    'defect_rate_ceiling': 'decimal(18, 4)',
    'resolution_in_time_floor': 'decimal(18, 4)',
    'service_level_floor': 'decimal(18, 4)',
    'otif_floor': 'decimal(18, 4)',
    'value_index_floor': 'decimal(18, 4)',
    'care_gap_days': 'bigint',
    'referral_window_months': 'bigint',
    'people_told_by_dissatisfied': 'bigint',
    'order_follow_up_days': 'bigint',
    'prompt_answer_minutes': 'bigint',
    'site_visit_days': 'bigint',
    'site_arrival_minutes': 'bigint',
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
