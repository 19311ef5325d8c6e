{%- set parameters = {
    'own_minimum_gap_count': 'bigint',
    'expected_gap_quantile': 'decimal(18, 4)',
    'own_threshold_quantile': 'decimal(18, 4)',
    'peer_threshold_quantile': 'decimal(18, 4)',
    'peer_minimum_customer_count': 'bigint',
    'minimum_history_days': 'bigint',
    'floor_days': 'bigint',
    'cap_days': 'bigint',
    'default_expected_gap_days': 'bigint',
    'default_threshold_days': 'bigint',
    'seasonal_long_gap_days': 'bigint',
    'seasonal_tolerance_days': 'bigint',
    'seasonal_slack_days': 'bigint',
    'renewal_grace_days': 'bigint',
    'partial_spend_share': 'decimal(18, 4)',
    'category_memory_days': 'bigint',
    'category_own_gap_factor': 'decimal(18, 4)',
    'false_defection_months': 'bigint',
    'concentration_minimum_count': 'bigint',
    'concentration_rate_factor': 'decimal(18, 4)',
    'contagion_window_days': 'bigint',
    'lighthouse_window_months': 'bigint',
    'lighthouse_qualification_months': 'bigint',
    'staff_link_minimum_points': 'bigint',
    'sensitivity_point_share': 'decimal(18, 4)',
    'discount_rate': 'decimal(18, 4)',
    'claimed_profit_gain_share': 'decimal(18, 4)',
    'alert_care_gap_days': 'bigint',
    'alert_notice_days': 'bigint',
    'alert_event_days': 'bigint',
    'alert_overdue_days': 'bigint',
    'alert_spend_ratio': 'decimal(18, 4)',
    'partial_bridge_months': 'bigint',
    'ramp_down_minimum_months': 'bigint',
    'ramp_down_minimum_share': 'decimal(18, 4)',
    'ramp_down_memory_months': 'bigint',
} -%}
with

dim_months as (
    select * from {{ ref('dim_months') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

defection_policies as (
    select * from {{ ref('defection_policies') }}
),

fiscal_years as (
    select distinct
        fiscal_year,
        fiscal_year_start_date,
        cast({{ dbt.dateadd('year', 1, 'fiscal_year_start_date') }} as date) as next_fiscal_year_start_date
    from dim_months
),

{{ add_policies_in_force(
    'pivoted', 'defection_policies', 'fiscal_years', ['fiscal_year'], 'fiscal_year_start_date', parameters
) }},

final as (
    select
        fiscal_years.fiscal_year,
        fiscal_years.fiscal_year_start_date,
        fiscal_years.next_fiscal_year_start_date,
        pivoted.policy_version,
        {% for parameter in parameters if parameter != 'minimum_history_days' -%}
        pivoted.{{ parameter }},
        {% endfor -%}
        -- Gaps longer than the ledger cannot have been seen, so a short one is not asked.
        {{ dbt.datediff('int_reporting_calendar.first_month', 'fiscal_years.fiscal_year_start_date', 'day') }}
        >= pivoted.minimum_history_days as has_enough_history
    from fiscal_years
    inner join pivoted
        on fiscal_years.fiscal_year = pivoted.fiscal_year
    cross join int_reporting_calendar
)

select * from final
