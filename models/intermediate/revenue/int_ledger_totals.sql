{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ delete_restated_months(ref('int_restated_total_months')) }}",
        post_hook=[
            "{{ forget_build_state('ledger_total_builds') }}",
            "{{ record_taken_builds('ledger_total_builds') }}",
        ],
    )
}}

with

fct_invoice_lines as (
    select * from {{ ref('fct_invoice_lines') }}
    {% if is_incremental() -%}
    where
        reporting_month in (
            select restated.reporting_month from {{ ref('int_restated_total_months') }} as restated
        )
    {%- endif %}
),

-- By document first: counting distinct documents line by line is far dearer.
documents as (
    select
        reporting_month,
        line_class,
        document_no,
        customer_code is null as is_customerless,
        count(*) as line_count,
        sum(case when is_duplicate then 1 else 0 end) as duplicate_line_count,
        sum(net_revenue_amount) as net_amount,
        sum(case when is_duplicate then net_revenue_amount else 0 end) as duplicate_amount
    from fct_invoice_lines
    group by
        reporting_month,
        line_class,
        document_no,
        customer_code is null
),

totals as (
    select
        reporting_month,
        line_class,
        cast(sum(line_count) as bigint) as line_count,
        cast(sum(duplicate_line_count) as bigint) as duplicate_line_count,
        cast(sum(case when is_customerless then line_count else 0 end) as bigint) as customerless_line_count,
        cast(count(*) as bigint) as document_count,
        cast(sum(net_amount) as decimal(18, 4)) as net_amount,
        cast(sum(duplicate_amount) as decimal(18, 4)) as duplicate_amount,
        cast(sum(case when is_customerless then net_amount else 0 end) as decimal(18, 4)) as customerless_amount
    from documents
    group by
        reporting_month,
        line_class
)

select * from totals
