-- Events beside the exposure that fits them, with a zero where nothing happened and it would be known.
with

int_typed_failures as (
    select * from {{ ref('int_typed_failures') }}
),

int_failure_exposures as (
    select * from {{ ref('int_failure_exposures') }}
),

known_types as (
    select * from {{ ref('int_known_failure_types') }}
),

int_failure_customers as (
    select * from {{ ref('int_failure_customers') }}
),

stg_ledger__products as (
    select * from {{ ref('stg_ledger__products') }}
),

placed as (
    select
        failures.failure_code,
        failures.taxonomy_unit,
        failures.reporting_month,
        coalesce(customers.customer_class, 'unknown') as customer_class,
        coalesce(customers.region, 'unknown') as region,
        coalesce(products.product_category, 'unknown') as product_category,
        count(*) as event_count
    from int_typed_failures as failures
    left join int_failure_customers as customers
        on
            failures.customer_key = customers.customer_key
            and failures.reporting_month = customers.reporting_month
    left join stg_ledger__products as products
        on failures.product_key = products.product_code
    group by all
),

both_sides as (
    select
        types.failure_code,
        exposures.reporting_month,
        exposures.cut,
        exposures.cut_value,
        cast(0 as bigint) as event_count,
        exposures.exposure_count
    from known_types as types
    inner join int_failure_exposures as exposures
        on
            types.taxonomy_unit = exposures.taxonomy_unit
            and types.known_from_month <= exposures.reporting_month

    {% for cut, cut_value in {
        'total': "'all'", 'customer_class': 'customer_class', 'region': 'region',
        'product_category': 'product_category',
    }.items() %}
    union all

    select
        failure_code,
        reporting_month,
        '{{ cut }}' as cut,
        {{ cut_value }} as cut_value,
        event_count,
        cast(0 as bigint) as exposure_count
    from placed
    {% if cut == 'product_category' -%}
    where taxonomy_unit in ('documents', 'order_lines', 'deliveries')
    {%- endif %}
    {%- endfor %}
),

final as (
    select
        sides.failure_code,
        sides.reporting_month,
        sides.cut,
        sides.cut_value,
        types.failure_level,
        -- A category's exposure is lines.
        case
            when sides.cut <> 'product_category' then types.taxonomy_unit
            when types.taxonomy_unit = 'deliveries' then 'delivery_lines'
            else 'order_lines'
        end as exposure_unit,
        types.known_from_month,
        cast(sum(sides.event_count) as bigint) as event_count,
        cast(sum(sides.exposure_count) as bigint) as exposure_count
    from both_sides as sides
    inner join known_types as types
        on sides.failure_code = types.failure_code
    group by all
)

select * from final
