-- Documents of which the company did not know from the first, or not rightly, and the months whose
-- classes rested on that. A ledger that arrives in order and uncorrected has none.
with

invoice_deliveries as (
    select
        document_no,
        document_date,
        is_corrected,
        known_on_date,
        superseded_on_date,
        first_known_on_date,
        cast({{ dbt.dateadd('month', 2, month_of('document_date')) }} as date) as late_from_date
    from {{ ref('stg_ledger__invoice_deliveries') }}
),

line_deliveries as (
    select
        document_no,
        known_on_date,
        superseded_on_date
    from {{ ref('stg_ledger__invoice_line_deliveries') }}
    where
        is_corrected
        or (
            known_on_date > first_known_on_date
            and known_on_date >= cast({{ dbt.dateadd('month', 1, 'period_end') }} as date)
        )
),

class_months as (
    select * from {{ ref('int_class_months') }}
    where is_ledger_known
),

events as (
    select
        document_no,
        greatest(known_on_date, coalesce(superseded_on_date, known_on_date)) as last_event_date
    from line_deliveries
    union all
    select
        document_no,
        greatest(known_on_date, coalesce(superseded_on_date, known_on_date)) as last_event_date
    from invoice_deliveries
    where is_corrected or (known_on_date > first_known_on_date and known_on_date >= late_from_date)
),

late_documents as (
    select
        document_no,
        max(last_event_date) as last_event_date
    from events
    group by document_no
),

document_months as (
    select
        invoice_deliveries.document_no,
        min({{ month_of('invoice_deliveries.document_date') }}) as first_document_month,
        max({{ month_of('invoice_deliveries.document_date') }}) as last_document_month,
        max(late_documents.last_event_date) as last_event_date
    from invoice_deliveries
    inner join late_documents
        on invoice_deliveries.document_no = late_documents.document_no
    group by invoice_deliveries.document_no
),

-- Two years of months rest on a document: the trailing year, and the year before a later one.
final as (
    select
        document_months.document_no,
        class_months.class_month,
        class_months.class_month_number,
        class_months.known_before_date
    from document_months
    inner join class_months
        on
            document_months.first_document_month < class_months.class_month
            and document_months.last_event_date >= class_months.known_before_date
    where
        class_months.class_month_number
        <= year(document_months.last_document_month) * 12 + month(document_months.last_document_month) + 24
)

select * from final
