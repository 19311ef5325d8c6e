-- At the code on the document, not at the customer: a merge then moves days, never lines.
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ delete_restated_months(ref('int_restated_code_day_months')) }}",
        post_hook=[
            "{{ forget_build_state('customer_code_day_builds') }}",
            "{{ record_taken_builds('customer_code_day_builds') }}",
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
            select restated.reporting_month from {{ ref('int_restated_code_day_months') }} as restated
        )
        {%- endif %}
),

code_days as (
    select
        customer_code,
        document_date,
        reporting_month,
        cast(sum(net_revenue_amount) as decimal(18, 4)) as net_revenue,
        cast(sum(net_revenue_constant_amount) as decimal(18, 4)) as net_revenue_constant,
        cast(sum(case when is_qualifying then net_revenue_amount else 0 end) as decimal(18, 4)) as gross_revenue,
        cast(sum(margin_amount) as decimal(18, 4)) as margin,
        cast(
            sum(case when margin_amount is not null then net_revenue_amount else 0 end) as decimal(18, 4)
        ) as costed_revenue,
        cast(sum(discount_amount) as decimal(18, 4)) as discount,
        cast(count(distinct case when is_qualifying then document_no end) as bigint) as order_count,
        cast(sum(case when is_qualifying then 1 else 0 end) as bigint) as qualifying_line_count
    from fct_invoice_lines
    group by
        customer_code,
        document_date,
        reporting_month
)

select * from code_days
