{%- set parameters = {
    'rolling_follow_up_months': 'bigint',
    'win_back_days': 'bigint',
    'win_back_contact_days': 'bigint',
    'bad_debt_months': 'bigint',
    'residual_horizon_months': 'bigint',
    'residual_yearly_discount_rate': 'decimal(18, 4)',
    'residual_minimum_exposure_months': 'bigint',
    'residual_minimum_tenure_months': 'bigint',
    'residual_minimum_margin_coverage_share': 'decimal(18, 4)',
} -%}
with

dim_months as (
    select * from {{ ref('dim_months') }}
),

retention_policies as (
    select * from {{ ref('retention_policies') }}
),

{{ add_policies_in_force(
    'final', 'retention_policies', 'dim_months', ['reporting_month'], 'reporting_month', parameters
) }}

select * from final
