{%- set parameters = {
    'carry_forward_months': 'bigint',
    'drop_share_points': 'double',
    'drop_relative_share': 'double',
    'movement_tolerance_share': 'double',
    'stable_wallet_tolerance': 'double',
    'position_memory_months': 'bigint',
    'dual_sourcing_share': 'double',
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

versions_in_force as (
    select
        fiscal_years.fiscal_year,
        max(wallet_policies.valid_from) as valid_from
    from fiscal_years
    inner join wallet_policies
        on fiscal_years.fiscal_year_start_date >= wallet_policies.valid_from
    group by fiscal_years.fiscal_year
),

pivoted as (
    select
        versions_in_force.fiscal_year,
        {% for parameter, data_type in parameters.items() -%}
        cast(
            max(case when wallet_policies.parameter = '{{ parameter }}' then wallet_policies.value end)
            as {{ data_type }}
        ) as {{ parameter }},
        {% endfor -%}
        max(wallet_policies.policy_version) as policy_version
    from versions_in_force
    inner join wallet_policies
        on versions_in_force.valid_from = wallet_policies.valid_from
    group by versions_in_force.fiscal_year
),

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
        dual_sourcing_share
    from pivoted
)

select * from final
