-- A view: nothing reads it whole. It is asked for the few documents that came late or were corrected.
with

invoices as (
    select * from {{ source('ledger', 'invoices') }}
),

delivered_files as (
    select * from {{ ref('stg_loader__delivered_files') }}
    where source_name = 'ledger' and table_name = 'invoices'
),

renamed as (
    select
        -- ids
        nullif(trim(invoices.document_no), '') as document_no,
        nullif(trim(invoices.customer_code), '') as customer_code,

        -- text
        nullif(trim(invoices.document_type), '') as document_type,
        nullif(trim(invoices.currency), '') as currency,

        -- dates
        invoices.document_date,

        -- load columns
        invoices.load_file_id,
        invoices.load_line_number,
        delivered_files.delivery_rank,
        delivered_files.is_corrected,
        delivered_files.known_on_date,
        delivered_files.superseded_on_date,
        delivered_files.first_known_on_date
    from invoices
    inner join delivered_files
        on invoices.load_file_id = delivered_files.file_id
)

select * from renamed
