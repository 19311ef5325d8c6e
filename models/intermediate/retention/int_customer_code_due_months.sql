-- What was billed in a month, by the month in which it falls due. Constant currency, so that a receipt in the
-- document's own currency pays it exactly.
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ delete_restated_months(ref('int_restated_due_months')) }}",
        post_hook=[
            "{{ forget_build_state('due_month_builds') }}",
            "{{ record_taken_builds('due_month_builds') }}",
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
            select restated.reporting_month from {{ ref('int_restated_due_months') }} as restated
        )
        {%- endif %}
),

stg_ledger__invoices as (
    select * from {{ ref('stg_ledger__invoices') }}
    where due_date is not null
),

-- Lines of a document together first: a join of every line to its header would carry the lines along.
documents as (
    select
        document_no,
        customer_code,
        reporting_month,
        max(document_date) as document_date,
        sum(net_revenue_constant_amount) as billed_constant
    from fct_invoice_lines
    group by
        document_no,
        customer_code,
        reporting_month
),

code_due_months as (
    select
        documents.customer_code,
        documents.reporting_month,
        {{ month_of('invoices.due_date') }} as due_month,
        cast(sum(documents.billed_constant) as decimal(18, 4)) as billed_constant,
        -- Amount by days from the first of the month: what is needed to know, later, how long it was owed.
        cast(sum(
            documents.billed_constant
            * {{ dbt.datediff('documents.reporting_month', 'documents.document_date', 'day') }}
        ) as decimal(28, 4)) as billed_constant_days,
        cast(sum(
            documents.billed_constant
            * {{ dbt.datediff(month_of('invoices.due_date'), 'invoices.due_date', 'day') }}
        ) as decimal(28, 4)) as due_constant_days
    from documents
    inner join stg_ledger__invoices as invoices
        on documents.document_no = invoices.document_no
    group by
        documents.customer_code,
        documents.reporting_month,
        {{ month_of('invoices.due_date') }}
)

select * from code_due_months
