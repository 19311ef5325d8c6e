-- How often something could have gone wrong with a customer, by what it can go wrong with.
with

int_customer_days as (
    select * from {{ ref('int_customer_days') }}
),

fct_deliveries as (
    select * from {{ ref('fct_deliveries') }}
),

-- Written down twice within minutes it was one contact; what no person says goes wrong with nobody.
contacts as (
    select * from {{ ref('fct_touchpoints') }}
    where is_human and not is_repeat
),

stg_crm__cases as (
    select * from {{ ref('stg_crm__cases') }}
    where merged_into_case_id is null
),

stg_crm__activities as (
    select * from {{ ref('stg_crm__activities') }}
    where activity_type = 'site_service'
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

int_failure_customers as (
    select * from {{ ref('int_failure_customers') }}
),

{% for unit, (relation, happened_at) in {
    'cases': ('stg_crm__cases', 'received_at'),
    'site_services': ('stg_crm__activities', 'happened_at'),
}.items() -%}
{{ unit }} as (
    select
        identities.customer_key,
        {{ month_of('told.' ~ happened_at) }} as reporting_month
    from {{ relation }} as told
    inner join int_account_identities as identities
        on told.account_id = identities.account_id
),

{% endfor -%}
counted as (
    {% for unit, (relation, exposure_count) in {
        'documents': ('int_customer_days', 'sum(order_count)'),
        'order_lines': ('int_customer_days', 'sum(qualifying_line_count)'),
        'active_customers': ('int_customer_days', 'max(case when order_count > 0 then 1 else 0 end)'),
        'deliveries': ('fct_deliveries', 'count(distinct delivery_no)'),
        'contacts': ('contacts', 'count(*)'),
        'cases': ('cases', 'count(*)'),
        'site_services': ('site_services', 'count(*)'),
    }.items() -%}
    select
        customer_key,
        reporting_month,
        '{{ unit }}' as exposure_unit,
        {{ exposure_count }} as exposure_count
    from {{ relation }}
    group by
        customer_key,
        reporting_month
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}
),

final as (
    select
        counted.customer_key,
        counted.reporting_month,
        counted.exposure_unit,
        cast(counted.exposure_count as bigint) as exposure_count,
        customers.customer_class,
        customers.region
    from counted
    -- Internal customers and months after the one reported are in no spine.
    inner join int_failure_customers as customers
        on
            counted.customer_key = customers.customer_key
            and counted.reporting_month = customers.reporting_month
    where counted.exposure_count > 0
)

select * from final
