-- At the code on the document, not at the customer: a merge then moves months, never lines.
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ delete_restated_months(ref('int_restated_product_months')) }}",
        post_hook=[
            "{{ forget_build_state('product_month_builds') }}",
            "{{ record_taken_builds('product_month_builds') }}",
        ],
    )
}}

with

fct_invoice_lines as (
    select * from {{ ref('fct_invoice_lines') }}
    where
        is_revenue
        {% if is_incremental() -%}
        and reporting_month in (
            select restated.reporting_month from {{ ref('int_restated_product_months') }} as restated
        )
        {%- endif %}
),

code_product_months as (
    select
        customer_code,
        product_key,
        reporting_month,
        cast(sum(quantity) as decimal(18, 4)) as quantity,
        cast(sum(net_revenue_constant_amount) as decimal(18, 4)) as net_revenue_constant,
        cast(sum(case when is_qualifying then net_revenue_amount else 0 end) as decimal(18, 4)) as gross_revenue,
        cast(count(case when is_qualifying then 1 end) as bigint) as qualifying_line_count
    from fct_invoice_lines
    where product_key is not null
    group by
        customer_code,
        product_key,
        reporting_month
)

select * from code_product_months
