-- When a policy changes, the year of the change is judged by both versions, so that nobody takes the new rule for
-- a turn of the business.
{%- set parameters = {
    'own_minimum_gap_count': 'bigint',
    'expected_gap_quantile': 'decimal(18, 4)',
    'own_threshold_quantile': 'decimal(18, 4)',
    'peer_threshold_quantile': 'decimal(18, 4)',
    'peer_minimum_customer_count': 'bigint',
    'floor_days': 'bigint',
    'cap_days': 'bigint',
    'default_expected_gap_days': 'bigint',
    'default_threshold_days': 'bigint',
    'seasonal_long_gap_days': 'bigint',
    'seasonal_tolerance_days': 'bigint',
    'seasonal_slack_days': 'bigint',
} %}
with

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

defection_policies as (
    select * from {{ ref('defection_policies') }}
),

years_before as (
    select
        fiscal_year,
        cast({{ dbt.dateadd('year', -1, 'fiscal_year_start_date') }} as date) as year_before_start_date
    from int_defection_policies
),

{{ add_policies_in_force(
    'before', 'defection_policies', 'years_before', ['fiscal_year'], 'year_before_start_date', parameters
) }},

final as (
    select
        fiscal_year,
        true as is_in_force,
        policy_version,
        fiscal_year_start_date,
        next_fiscal_year_start_date,
        {{ parameters | join(',\n        ') }}
    from int_defection_policies

    union all

    select
        policies.fiscal_year,
        false as is_in_force,
        before.policy_version,
        policies.fiscal_year_start_date,
        policies.next_fiscal_year_start_date,
        before.{{ parameters | join(',\n        before.') }}
    from int_defection_policies as policies
    inner join before
        on policies.fiscal_year = before.fiscal_year
    where policies.policy_version <> before.policy_version
)

select * from final
