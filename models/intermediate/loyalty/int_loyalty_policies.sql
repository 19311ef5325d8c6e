{%- set parameters = {
    'frequency_cut': 'double',
    'default_dependence_cut': 'double',
    'peer_minimum_customer_count': 'double',
    'share_of_wallet_weight': 'double',
    'sole_source_weight': 'double',
    'switching_barrier_weight': 'double',
    'contract_weight': 'double',
    'service_mode_weight': 'double',
    'reward_weight': 'double',
    'relation_weight': 'double',
    'relation_minimum_months': 'bigint',
    'tenure_band_months': 'bigint',
    'reward_reference_share': 'double',
} -%}
with

dim_months as (
    select * from {{ ref('dim_months') }}
),

loyalty_policies as (
    select * from {{ ref('loyalty_policies') }}
),

fiscal_years as (
    select distinct
        fiscal_year,
        fiscal_year_start_date
    from dim_months
),

{{ add_policies_in_force(
    'final',
    'loyalty_policies',
    'fiscal_years',
    ['fiscal_year', 'fiscal_year_start_date'],
    'fiscal_year_start_date',
    parameters,
) }}

select * from final
