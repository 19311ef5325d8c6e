{# What int_customer_code_category_months was built from; macros/build_state.sql says why it is kept. #}

{% macro record_category_month_products() -%}
    insert into {{ source('build_state', 'category_month_products') }} (product_code, product_category)
    select product_code, product_category
    from {{ ref('stg_ledger__products') }}
{%- endmacro %}
