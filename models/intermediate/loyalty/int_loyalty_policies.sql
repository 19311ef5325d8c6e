{%- set parameters = [
    'frequency_cut',
    'default_dependence_cut',
    'peer_minimum_customer_count',
    'share_of_wallet_weight',
    'sole_source_weight',
    'switching_barrier_weight',
    'contract_weight',
    'service_mode_weight',
    'reward_weight',
    'reward_reference_share',
] -%}
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

versions_in_force as (
    select
        fiscal_years.fiscal_year,
        fiscal_years.fiscal_year_start_date,
        max(loyalty_policies.valid_from) as valid_from
    from fiscal_years
    inner join loyalty_policies
        on fiscal_years.fiscal_year_start_date >= loyalty_policies.valid_from
    group by fiscal_years.fiscal_year, fiscal_years.fiscal_year_start_date
),

final as (
    select
        versions_in_force.fiscal_year,
        versions_in_force.fiscal_year_start_date,
        {% for parameter in parameters -%}
        cast(
            max(case when loyalty_policies.parameter = '{{ parameter }}' then loyalty_policies.value end) as double
        ) as {{ parameter }},
        {% endfor -%}
        max(loyalty_policies.policy_version) as policy_version
    from versions_in_force
    inner join loyalty_policies
        on versions_in_force.valid_from = loyalty_policies.valid_from
    group by versions_in_force.fiscal_year, versions_in_force.fiscal_year_start_date
)

select * from final
