{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['document_no'],
        on_schema_change='fail',
        post_hook="{{ delete_withdrawn_rows('ledger', 'invoices') }}",
    )
}}

with

invoices as (
    select * from {{ source('ledger', 'invoices') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'ledger' and table_name = 'invoices'
),

{% if is_incremental() %}

changed_files as (
    {{ find_changed_files() }}
),

touched as (
    select distinct trim(invoices.document_no) as document_no
    from invoices
    where invoices.load_file_id in (select changed_files.file_id from changed_files)
),

{% endif %}

versions as (
    select
        invoices.*,
        {{ rank_versions('invoices', ['document_no']) }} as version_rank
    from invoices
    inner join current_files
        on invoices.load_file_id = current_files.file_id
    {%- if is_incremental() %}
    inner join touched
        on trim(invoices.document_no) = touched.document_no
    {%- endif %}
),

renamed as (
    select
        -- ids
        nullif(trim(document_no), '') as document_no,
        nullif(trim(customer_code), '') as customer_code,
        nullif(trim(original_document_no), '') as original_document_no,
        nullif(trim(order_no), '') as order_no,
        nullif(trim(sales_employee_id), '') as sales_employee_id,

        -- text
        nullif(trim(document_type), '') as document_type,
        nullif(trim(currency), '') as currency,

        -- dates
        document_date,
        posting_date,
        due_date,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
