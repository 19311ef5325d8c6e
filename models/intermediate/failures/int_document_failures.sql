-- What corrections in the ledger tell of: returns with a reason, and bills corrected. The failure happened
-- with the document that is corrected, where the correction names it.
with

fct_invoice_lines as (
    select * from {{ ref('fct_invoice_lines') }}
    where is_revenue and document_type in ('credit_note', 'debit_note')
),

stg_ledger__invoices as (
    select * from {{ ref('stg_ledger__invoices') }}
),

record_failures as (
    select * from {{ ref('record_failures') }}
),

failed as (
    select
        lines.document_no as correction_no,
        lines.document_type,
        -- A reason that is in no list is a failure all the same, of a type nobody knows.
        coalesce(record_failures.failure_code, lines.return_reason_code) as reported_failure_code,
        min(lines.original_document_no) as document_no,
        min(lines.customer_key) as customer_key,
        min_by(lines.product_key, lines.line_no) as product_key,
        min(lines.document_date) as reported_on
    from fct_invoice_lines as lines
    left join record_failures
        on
            lines.document_type = record_failures.record_type
            and (lines.return_reason_code = record_failures.finding_code or lines.document_type = 'debit_note')
    where record_failures.failure_code is not null or lines.return_reason_code is not null
    group by
        lines.document_no,
        lines.document_type,
        coalesce(record_failures.failure_code, lines.return_reason_code)
),

final as (
    select
        failed.correction_no,
        case when failed.document_type = 'credit_note' then 'return' else 'correction' end as failure_source,
        failed.reported_failure_code,
        failed.document_no,
        failed.customer_key,
        failed.product_key,
        least(failed.reported_on, coalesce(originals.document_date, failed.reported_on)) as occurred_on,
        failed.reported_on,
        originals.document_no is not null as is_occurrence_known
    from failed
    left join stg_ledger__invoices as originals
        on failed.document_no = originals.document_no
)

select * from final
