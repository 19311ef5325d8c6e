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

versions_in_force as (
    select
        dim_months.reporting_month,
        max(retention_policies.valid_from) as valid_from
    from dim_months
    inner join retention_policies
        on dim_months.reporting_month >= retention_policies.valid_from
    group by dim_months.reporting_month
),

final as (
    select
        versions_in_force.reporting_month,
        {% for parameter, data_type in parameters.items() -%}
        cast(
            max(case when retention_policies.parameter = '{{ parameter }}' then retention_policies.value end)
            as {{ data_type }}
        ) as {{ parameter }},
        {% endfor -%}
        max(retention_policies.policy_version) as policy_version
    from versions_in_force
    inner join retention_policies
        on versions_in_force.valid_from = retention_policies.valid_from
    group by versions_in_force.reporting_month
)

select * from final
