{# What int_customer_code_category_months was built from; macros/build_state.sql says why it is kept. #}

{% macro record_category_month_builds() -%}
    insert into {{ source('build_state', 'category_month_builds') }} (build_number, reporting_month)
    select max(build_number) as build_number, reporting_month
    from {{ source('build_state', 'invoice_line_builds') }}
    group by reporting_month
{%- endmacro %}

{% macro record_category_month_products() -%}
    insert into {{ source('build_state', 'category_month_products') }} (product_code, product_category)
    select product_code, product_category
    from {{ ref('stg_ledger__products') }}
{%- endmacro %}
