-- A view on purpose: it compares what the line fact was built from with what counts now, so it is
-- right at whatever moment it is asked, and a run that died half-way is repaired by the next.
with

stg_loader__current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'ledger' and table_name in ('invoices', 'invoice_lines')
),

built_files as (
    select * from {{ source('build_state', 'invoice_line_files') }}
),

-- Every version ever delivered: a document that a correction moved or removed has a month there too.
invoices as (
    select * from {{ source('ledger', 'invoices') }}
),

invoice_lines as (
    select * from {{ source('ledger', 'invoice_lines') }}
),

int_exchange_rates as (
    select * from {{ ref('int_exchange_rates') }}
),

built_rates as (
    select * from {{ source('build_state', 'invoice_line_rates') }}
),

internal_customers as (
    select customer_code from {{ ref('int_customer_identities') }}
    where is_internal and customer_code is not null
),

built_internal_customers as (
    select customer_code from {{ source('build_state', 'invoice_line_customers') }}
    where is_internal
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

changed_documents as (
    select trim(document_no) as document_no from invoices
    where
        load_file_id in (
            select changed_files.file_id from changed_files
            where changed_files.table_name = 'invoices'
        )
    union
    select trim(document_no) as document_no from invoice_lines
    where
        load_file_id in (
            select changed_files.file_id from changed_files
            where changed_files.table_name = 'invoice_lines'
        )
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

-- The class of a line depends on it, so the lines are built anew.
changed_customers as (
    select coalesce(internal.customer_code, built.customer_code) as customer_code
    from internal_customers as internal
    full outer join built_internal_customers as built
        on internal.customer_code = built.customer_code
    where internal.customer_code is null or built.customer_code is null
),

restated as (
    select {{ month_of('document_date') }} as reporting_month from invoices
    where trim(document_no) in (select changed_documents.document_no from changed_documents)
    union
    select {{ month_of('document_date') }} as reporting_month from invoices
    where trim(customer_code) in (select changed_customers.customer_code from changed_customers)
    union
    select rate_month as reporting_month from changed_rates
)

select reporting_month from restated
