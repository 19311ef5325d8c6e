-- At the code on the document, not at the customer: a merge then moves months, never lines.
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ delete_restated_months(ref('int_restated_category_months')) }}",
        post_hook=[
            "{{ forget_build_state('category_month_builds') }}",
            "{{ record_taken_builds('category_month_builds') }}",
            "{{ forget_build_state('category_month_products') }}",
            "{{ record_category_month_products() }}",
        ],
    )
}}

with

fct_invoice_lines as (
    select * from {{ ref('fct_invoice_lines') }}
    {% if is_incremental() -%}
    where
        reporting_month in (
            select restated.reporting_month from {{ ref('int_restated_category_months') }} as restated
        )
    {%- endif %}
),

code_category_months as (
    select
        customer_code,
        product_category,
        reporting_month,
        min(case when is_qualifying then document_date end) as first_purchase_date,
        max(case when is_qualifying then document_date end) as last_purchase_date,
        cast(coalesce(sum(case when is_qualifying then net_revenue_amount end), 0) as decimal(18, 4))
            as gross_revenue,
        cast(sum(net_revenue_constant_amount) as decimal(18, 4)) as net_revenue_constant
    from fct_invoice_lines
    where
        is_revenue
        and product_category is not null
    group by
        customer_code,
        product_category,
        reporting_month
)

select * from code_category_months
