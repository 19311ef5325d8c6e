-- Not one version per line: choosing one over the whole ledger would cost a sort of every line ever
-- delivered. The line fact does it, for the months it rebuilds.
with

invoice_lines as (
    select * from {{ source('ledger', 'invoice_lines') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'ledger' and table_name = 'invoice_lines'
),

renamed as (
    select
        -- ids
        nullif(trim(invoice_lines.document_no), '') as document_no,
        invoice_lines.line_no,
        nullif(trim(invoice_lines.product_code), '') as product_code,

        -- text
        nullif(trim(invoice_lines.return_reason_code), '') as return_reason_code,

        -- numbers
        invoice_lines.quantity,
        invoice_lines.unit_price,
        invoice_lines.net_amount,
        invoice_lines.discount_amount,
        invoice_lines.cost_amount,

        -- load columns
        invoice_lines.load_file_id,
        invoice_lines.load_line_number,
        current_files.file_rank
    from invoice_lines
    inner join current_files
        on invoice_lines.load_file_id = current_files.file_id
)

select * from renamed
