{%- set parameters = {
    'carry_forward_months': 'bigint',
    'drop_share_points': 'double',
    'drop_relative_share': 'double',
    'movement_tolerance_share': 'double',
    'stable_wallet_tolerance': 'double',
    'position_memory_months': 'bigint',
    'dual_sourcing_share': 'double',
    'wallet_model_quantile': 'double',
    'wallet_model_minimum_count': 'bigint',
} -%}
with

dim_months as (
    select * from {{ ref('dim_months') }}
),

wallet_policies as (
    select * from {{ ref('wallet_policies') }}
),

fiscal_years as (
    select distinct
        fiscal_year,
        fiscal_year_start_date
    from dim_months
),

{{ add_policies_in_force(
    'pivoted', 'wallet_policies', 'fiscal_years', ['fiscal_year'], 'fiscal_year_start_date', parameters
) }},

final as (
    select
        fiscal_year,
        policy_version,
        carry_forward_months,
        drop_share_points,
        drop_relative_share,
        movement_tolerance_share,
        stable_wallet_tolerance,
        position_memory_months,
        dual_sourcing_share,
        wallet_model_quantile,
        wallet_model_minimum_count
    from pivoted
)

select * from final
