{%- set parameters = {
    'chart_baseline_months': 'bigint',
    'chart_minimum_months': 'bigint',
    'chart_sigmas': 'decimal(18, 4)',
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

versions_in_force as (
    select
        dim_months.reporting_month,
        max(failure_policies.valid_from) as valid_from
    from dim_months
    inner join failure_policies
        on dim_months.reporting_month >= failure_policies.valid_from
    group by dim_months.reporting_month
),

final as (
    select
        versions_in_force.reporting_month,
        {% for parameter, data_type in parameters.items() -%}
        cast(
            max(case when failure_policies.parameter = '{{ parameter }}' then failure_policies.value end)
            as {{ data_type }}
        ) as {{ parameter }},
        {% endfor -%}
        max(failure_policies.policy_version) as policy_version
    from versions_in_force
    inner join failure_policies
        on versions_in_force.valid_from = failure_policies.valid_from
    group by versions_in_force.reporting_month
)

select * from final
