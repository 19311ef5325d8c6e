{%- set parameters = {
    'chart_baseline_months': 'bigint',
    'chart_minimum_months': 'bigint',
    'chart_sigmas': 'decimal(18, 4)',
    'signal_months_per_false_alarm': 'bigint',
    'signal_false_discovery_share': 'decimal(18, 4)',
    'run_length': 'bigint',
    'signal_minimum_events': 'bigint',
    'mature_share': 'decimal(18, 4)',
    'maturity_reference_days': 'bigint',
    'maturity_minimum_events': 'bigint',
    'new_type_quiet_months': 'bigint',
    'new_type_minimum_events': 'bigint',
    'verdict_window_months': 'bigint',
    'verdict_minimum_expected_events': 'bigint',
    'verdict_significance': 'decimal(18, 4)',
    'verdict_solved_share': 'decimal(18, 4)',
    'effect_horizon_days': 'bigint',
    'effect_washout_months': 'bigint',
    'effect_matched_orders': 'bigint',
    'effect_false_discovery_share': 'decimal(18, 4)',
    'interview_window_days': 'bigint',
    'interview_half_life_days': 'bigint',
    'partial_sample_share': 'decimal(18, 4)',
    'interim_review_from_share': 'decimal(18, 4)',
    'interim_review_to_share': 'decimal(18, 4)',
} -%}
with

dim_months as (
    select * from {{ ref('dim_months') }}
),

failure_policies as (
    select * from {{ ref('failure_policies') }}
),

{{ add_policies_in_force(
    'final', 'failure_policies', 'dim_months', ['reporting_month'], 'reporting_month', parameters
) }}

select * from final
