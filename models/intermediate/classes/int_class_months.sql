-- Who is classed at the start of a month is judged by the state at the end of the month before. The month
-- after the last reported one is here too: its classes are those the reported month ends with.
{%- set parameters = [
    'abcd_a_share', 'abcd_ab_share', 'abcd_abc_share', 'kmgm_key_share', 'kmgm_key_major_share',
    'kmgm_not_maintain_share', 'kmgm_minimum_margin_share', 'pareto_top_share', 'pareto_target_share',
    'large_wallet_share', 'small_wallet_share', 'loyal_wallet_share', 'loyal_tenure_months',
    'fast_growth_ratio', 'fast_growth_order_count', 'key_volume_share', 'key_frequency_share',
    'key_margin_ratio', 'key_weight_share', 'false_big_overdue_share', 'false_big_overdue_days',
    'core_margin_share', 'core_payment_tolerance_days', 'core_payment_share', 'core_intent_minimum',
    'core_discount_share', 'core_contact_ratio', 'core_mix_stability', 'core_frequency_ratio',
    'core_known_count', 'core_passed_share', 'core_relative_margin', 'core_product_fit',
    'screen_credit_factor', 'screen_price_sensitivity', 'screen_known_count', 'screen_passed_share',
] %}
with

dim_months as (
    select * from {{ ref('dim_months') }}
),

class_policies as (
    select * from {{ ref('class_policies') }}
),

stg_loader__delivered_files as (
    select * from {{ ref('stg_loader__delivered_files') }}
),

-- A class at the start of a month is used until its end, so what came by then counts as known: the
-- extracts of a month arrive in the first days of the next.
class_months as (
    select
        period_end_date as class_month,
        reporting_month as measured_month,
        cast({{ dbt.dateadd('month', 1, 'period_end_date') }} as date) as known_before_date
    from dim_months
),

first_deliveries as (
    select
        min(case when source_name = 'ledger' and table_name = 'invoices' then known_on_date end)
            as ledger_known_on_date,
        min(case when source_name = 'crm' and table_name = 'wallet_estimates' then known_on_date end)
            as wallets_known_on_date
    from stg_loader__delivered_files
),

versions_in_force as (
    select
        class_months.class_month,
        max(class_policies.valid_from) as valid_from
    from class_months
    inner join class_policies
        on class_months.class_month >= class_policies.valid_from
    group by class_months.class_month
),

policies as (
    select
        versions_in_force.class_month,
        {% for parameter in parameters -%}
        max(case when class_policies.parameter = '{{ parameter }}' then class_policies.value end) as {{ parameter }},
        {% endfor -%}
        max(class_policies.policy_version) as policy_version
    from versions_in_force
    inner join class_policies
        on versions_in_force.valid_from = class_policies.valid_from
    group by versions_in_force.class_month
),

final as (
    select
        class_months.class_month,
        class_months.measured_month,
        class_months.known_before_date,
        year(class_months.class_month) * 12 + month(class_months.class_month) as class_month_number,
        (month(class_months.class_month) + 12 - {{ var('fiscal_year_start_month') }}) % 3 = 0
            as is_fiscal_quarter_start,
        cast({{ dbt.dateadd(
            'month',
            '-((month(class_months.class_month) + 12 - ' ~ var('fiscal_year_start_month') ~ ') % 3)',
            'class_months.class_month'
        ) }} as date) as fiscal_quarter_month,
        coalesce(first_deliveries.ledger_known_on_date < class_months.known_before_date, false) as is_ledger_known,
        -- A company without wallets misses nothing by not having had them then.
        coalesce(first_deliveries.wallets_known_on_date < class_months.known_before_date, true) as is_wallet_known,
        {% for parameter in parameters -%}
        policies.{{ parameter }},
        {% endfor -%}
        policies.policy_version
    from class_months
    inner join policies
        on class_months.class_month = policies.class_month
    cross join first_deliveries
)

select * from final
