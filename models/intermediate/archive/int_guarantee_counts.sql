-- What the guarantees of a key account rest on, over the last year: defects, order lines, delivery lines due, and
-- complaints. Quantities of different goods do not add up, so a defect is measured by lines.
{%- set measures = ['defect', 'order_line', 'due_line', 'otif_line', 'judged_case', 'in_time_case'] %}
with

spine as (
    select
        months.customer_key,
        months.reporting_month,
        policies.guarantee_window_months
    from {{ ref('int_key_account_months') }} as months
    inner join {{ ref('int_service_policies') }} as policies
        on months.reporting_month = policies.reporting_month
),

key_accounts as (
    select distinct customer_key
    from spine
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

defects as (
    select
        failures.customer_key,
        failures.reporting_month,
        1 as defect_count
    from {{ ref('fct_failures') }} as failures
    inner join {{ ref('int_failure_types') }} as types
        on failures.failure_type_key = types.reported_failure_code
    where types.failure_family_code = 'product'
),

order_lines as (
    select
        customer_key,
        reporting_month,
        exposure_count as order_line_count
    from {{ ref('int_customer_exposures') }}
    where exposure_unit = 'order_lines'
),

-- A line that is still open after its day was due and not delivered.
deliveries as (
    select
        deliveries.customer_key,
        deliveries.reporting_month,
        1 as due_line_count,
        case when deliveries.is_otif then 1 else 0 end as otif_line_count
    from {{ ref('fct_deliveries') }} as deliveries
    inner join int_reporting_calendar as calendar
        on deliveries.binding_promise_date <= calendar.as_of_date
),

complaints as (
    select
        customer_key,
        reporting_month,
        1 as judged_case_count,
        case when is_resolution_in_time then 1 else 0 end as in_time_case_count
    from {{ ref('fct_cases') }}
    where case_type = 'complaint' and is_resolution_in_time is not null
),

{%- set sources = {
    'defects': ['defect'], 'order_lines': ['order_line'], 'deliveries': ['due_line', 'otif_line'],
    'complaints': ['judged_case', 'in_time_case'],
} %}

together as (
    {%- for source, counts in sources.items() %}
    select
        {% for measure in measures -%}
        {{ measure ~ '_count' if measure in counts else '0 as ' ~ measure ~ '_count' }},
        {% endfor -%}
        customer_key,
        reporting_month
    from {{ source }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

customer_months as (
    select
        {% for measure in measures -%}
        cast(sum(together.{{ measure }}_count) as bigint) as {{ measure }}_count,
        {% endfor -%}
        together.customer_key,
        together.reporting_month
    from together
    inner join key_accounts
        on together.customer_key = key_accounts.customer_key
    group by
        together.customer_key,
        together.reporting_month
),

final as (
    select
        {% for measure in measures -%}
        cast(sum(counted.{{ measure }}_count) as bigint) as {{ measure }}_count,
        {% endfor -%}
        spine.customer_key,
        spine.reporting_month
    from spine
    inner join customer_months as counted
        on
            spine.customer_key = counted.customer_key
            and {{ months_apart('counted.reporting_month', 'spine.reporting_month') }}
            between 0 and spine.guarantee_window_months - 1
    group by
        spine.customer_key,
        spine.reporting_month
)

select * from final
