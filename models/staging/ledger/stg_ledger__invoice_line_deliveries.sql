-- A view: nothing reads it whole. It is asked for the few documents that came late or were corrected.
with

invoice_lines as (
    select * from {{ source('ledger', 'invoice_lines') }}
),

delivered_files as (
    select * from {{ ref('stg_loader__delivered_files') }}
    where source_name = 'ledger' and table_name = 'invoice_lines'
),

renamed as (
    select
        -- ids
        nullif(trim(invoice_lines.document_no), '') as document_no,
        invoice_lines.line_no,

        -- numbers
        invoice_lines.net_amount,
        invoice_lines.cost_amount,

        -- load columns
        invoice_lines.load_file_id,
        invoice_lines.load_line_number,
        delivered_files.delivery_rank,
        delivered_files.is_corrected,
        delivered_files.period_end,
        delivered_files.known_on_date,
        delivered_files.superseded_on_date,
        delivered_files.first_known_on_date
    from invoice_lines
    inner join delivered_files
        on invoice_lines.load_file_id = delivered_files.file_id
)

select * from renamed
