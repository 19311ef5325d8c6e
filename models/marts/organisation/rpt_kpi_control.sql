-- What each indicator was, what it should have been, and who answered for it then. In months of which nothing is
-- known, such as those between two surveys, there is neither value nor verdict.
{%- set measures = {
    'monthly_churn_rate': ('rpt_churn_month', 'churn_rate', 'start_customer_count', 'true'),
    'gross_revenue_retention_rate': ('rpt_revenue_retention', 'gross_retention_rate', 'start_customer_count', 'true'),
    'net_revenue_retention_ratio': ('rpt_revenue_retention', 'net_retention_ratio', 'start_customer_count', 'true'),
} %}
{%- for step in ['first_response', 'resolution'] %}
{%- do measures.update({step ~ '_in_time_rate': (
    'rpt_complaint_sla', step ~ '_in_time_rate', step ~ '_due_count', "scheme = 'all'",
)}) %}
{%- endfor %}
{%- for kpi, question in {
    'satisfied_rate': 'overall', 'product_satisfied_rate': 'product_quality',
    'service_satisfied_rate': 'service_quality', 'logistics_satisfied_rate': 'logistics',
    'brand_recognised_rate': 'brand',
}.items() %}
{%- do measures.update({kpi: (
    'rpt_satisfaction_month', 'satisfied_rate', 'answered_count', "question = '" ~ question ~ "' and cut = 'total'",
)}) %}
{%- endfor %}
{%- for kpi, standard in {
    'key_account_product_rate': 'product_guarantee', 'key_account_service_rate': 'service_guarantee',
    'key_account_logistics_rate': 'logistics_guarantee', 'key_account_value_rate': 'value_guarantee',
    'key_account_archive_rate': 'archive_complete',
}.items() %}
{%- do measures.update({kpi: (
    'rpt_key_account_standards', 'kept_rate', 'known_count', "standard = '" ~ standard ~ "'",
)}) %}
{%- endfor %}
with

{% for source in ['kpis', 'kpi_targets', 'dim_employees', 'dim_months', 'rpt_churn_month', 'rpt_revenue_retention',
    'rpt_complaint_sla', 'rpt_satisfaction_month', 'rpt_key_account_standards'] -%}
{{ source }} as (
    select * from {{ ref(source) }}
),

{% endfor -%}

payments as (
    select
        reporting_month,
        sum(on_time_amount) as on_time_amount,
        sum(due_amount) as due_amount,
        count(case when due_amount > 0 then 1 end) as customer_count
    from {{ ref('fct_collections') }}
    group by reporting_month
),

actuals as (
    {%- for kpi, (mart, value, basis, condition) in measures.items() %}
    select
        reporting_month,
        '{{ kpi }}' as kpi_code,
        {{ value }} as actual_value,
        {{ basis }} as basis_count
    from {{ mart }}
    where {{ condition }}

    union all
    {% endfor %}
    select
        reporting_month,
        'paid_on_time_share' as kpi_code,
        {{ safe_ratio('on_time_amount', 'due_amount') }} as actual_value,
        customer_count as basis_count
    from payments
),

targets as (
    select
        *,
        lead(valid_from, 1, cast('9999-12-31' as date)) over (partition by kpi_code order by valid_from) as valid_to
    from kpi_targets
),

final as (
    select
        dim_months.reporting_month,
        kpis.kpi_code,
        kpis.is_higher_better,
        kpis.is_about_key_accounts,
        targets.owner_function,
        targets.owner_employee_id,
        -- Nobody who had not come yet or was gone can answer for a month.
        case
            when owners.employee_id is not null
                then
                    coalesce(owners.hired_date < dim_months.period_end_date, true)
                    and coalesce(owners.left_date >= dim_months.reporting_month, true)
        end as is_owner_employed,
        targets.target_value,
        actuals.actual_value,
        cast(coalesce(actuals.basis_count, 0) as bigint) as basis_count,
        case
            when kpis.is_higher_better then actuals.actual_value - targets.target_value
            else targets.target_value - actuals.actual_value
        end as lead_on_target,
        case
            when kpis.is_higher_better then actuals.actual_value >= targets.target_value
            else actuals.actual_value <= targets.target_value
        end as is_met
    from dim_months
    cross join kpis
    left join targets
        on
            kpis.kpi_code = targets.kpi_code
            and dim_months.reporting_month >= targets.valid_from
            and dim_months.reporting_month < targets.valid_to
    left join actuals
        on
            kpis.kpi_code = actuals.kpi_code
            and dim_months.reporting_month = actuals.reporting_month
    left join dim_employees as owners
        on targets.owner_employee_id = owners.employee_id
    where dim_months.is_closed_month
)

select * from final
