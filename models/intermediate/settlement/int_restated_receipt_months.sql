-- A view on purpose, for the reasons of int_restated_months: it compares what the fact was built from
-- with what counts now.
with

stg_loader__current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'ledger' and table_name in ('receipts', 'invoices')
),

built_files as (
    select * from {{ source('build_state', 'receipt_files') }}
),

-- Every version ever delivered: a receipt that a correction moved has a month there too.
receipts as (
    select * from {{ source('ledger', 'receipts') }}
),

invoices as (
    select * from {{ source('ledger', 'invoices') }}
),

int_exchange_rates as (
    select * from {{ ref('int_exchange_rates') }}
),

built_rates as (
    select * from {{ source('build_state', 'receipt_rates') }}
),

changed_files as (
    select
        coalesce(files.table_name, built_files.table_name) as table_name,
        coalesce(files.file_id, built_files.file_id) as file_id
    from stg_loader__current_files as files
    full outer join built_files
        on
            files.table_name = built_files.table_name
            and files.file_id = built_files.file_id
    where files.file_id is null or built_files.file_id is null
),

changed_receipts as (
    select distinct trim(receipt_no) as receipt_no from receipts
    where load_file_id in (select changed_files.file_id from changed_files where changed_files.table_name = 'receipts')
),

-- Their due day may have changed.
changed_documents as (
    select distinct trim(document_no) as document_no from invoices
    where load_file_id in (select changed_files.file_id from changed_files where changed_files.table_name = 'invoices')
),

changed_rates as (
    select coalesce(rates.rate_month, built_rates.rate_month) as rate_month
    from int_exchange_rates as rates
    full outer join built_rates
        on
            rates.currency = built_rates.currency
            and rates.rate_month = built_rates.rate_month
            and rates.rate_to_reporting = built_rates.rate_to_reporting
            and rates.constant_rate_to_reporting = built_rates.constant_rate_to_reporting
    where rates.currency is null or built_rates.currency is null
),

restated as (
    select {{ month_of('received_on') }} as reporting_month from receipts
    where
        trim(receipt_no) in (select changed_receipts.receipt_no from changed_receipts)
        or trim(document_no) in (select changed_documents.document_no from changed_documents)
    union
    select rate_month as reporting_month from changed_rates
)

select reporting_month from restated
