-- Exposure of every cut. Within a product category lines are counted, since a document or a delivery
-- holds several categories and a line one; what has no product has no such cut.
with

int_customer_exposures as (
    select * from {{ ref('int_customer_exposures') }}
),

fct_invoice_lines as (
    select * from {{ ref('fct_invoice_lines') }}
    where is_qualifying
),

fct_deliveries as (
    select * from {{ ref('fct_deliveries') }}
),

stg_ledger__products as (
    select * from {{ ref('stg_ledger__products') }}
),

int_customers_described as (
    select * from {{ ref('int_customers_described') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

by_class_and_region as (
    select
        reporting_month,
        exposure_unit,
        customer_class,
        region,
        sum(exposure_count) as exposure_count
    from int_customer_exposures
    group by all
),

category_lines as (
    select
        reporting_month,
        product_category,
        'order_lines' as exposure_unit,
        count(*) as exposure_count
    from fct_invoice_lines
    group by
        reporting_month,
        product_category

    union all

    select
        fct_deliveries.reporting_month,
        products.product_category,
        'delivery_lines' as exposure_unit,
        count(*) as exposure_count
    from fct_deliveries
    left join stg_ledger__products as products
        on fct_deliveries.product_key = products.product_code
    left join int_customers_described
        on fct_deliveries.customer_key = int_customers_described.customer_key
    where not coalesce(int_customers_described.is_internal, false)
    group by
        fct_deliveries.reporting_month,
        products.product_category
),

all_cuts as (
    {% for cut, cut_value in {
        'total': "'all'", 'customer_class': 'customer_class', 'region': 'region'
    }.items() -%}
    select
        reporting_month,
        exposure_unit,
        exposure_unit as taxonomy_unit,
        '{{ cut }}' as cut,
        {{ cut_value }} as cut_value,
        exposure_count
    from by_class_and_region

    union all

    {% endfor -%}
    {% for taxonomy_unit, line_unit in {
        'documents': 'order_lines', 'order_lines': 'order_lines', 'deliveries': 'delivery_lines'
    }.items() -%}
    select
        reporting_month,
        exposure_unit,
        '{{ taxonomy_unit }}' as taxonomy_unit,
        'product_category' as cut,
        coalesce(product_category, 'unknown') as cut_value,
        exposure_count
    from category_lines
    where exposure_unit = '{{ line_unit }}'
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor -%}
),

final as (
    select
        all_cuts.reporting_month,
        all_cuts.taxonomy_unit,
        all_cuts.exposure_unit,
        all_cuts.cut,
        all_cuts.cut_value,
        cast(sum(all_cuts.exposure_count) as bigint) as exposure_count
    from all_cuts
    inner join dim_months
        on all_cuts.reporting_month = dim_months.reporting_month
    group by all
)

select * from final
