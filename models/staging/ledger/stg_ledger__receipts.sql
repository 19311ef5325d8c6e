{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['receipt_no', 'document_no'],
        on_schema_change='fail',
        post_hook="{{ delete_withdrawn_rows('ledger', 'receipts') }}",
    )
}}

with

receipts as (
    select * from {{ source('ledger', 'receipts') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'ledger' and table_name = 'receipts'
),

{% if is_incremental() %}

changed_files as (
    {{ find_changed_files() }}
),

touched as (
    select distinct
        trim(receipts.receipt_no) as receipt_no,
        trim(receipts.document_no) as document_no
    from receipts
    where receipts.load_file_id in (select changed_files.file_id from changed_files)
),

{% endif %}

versions as (
    select
        receipts.*,
        {{ rank_versions('receipts', ['receipt_no', 'document_no']) }} as version_rank
    from receipts
    inner join current_files
        on receipts.load_file_id = current_files.file_id
    {%- if is_incremental() %}
    inner join touched
        on
            trim(receipts.receipt_no) = touched.receipt_no
            and trim(receipts.document_no) = touched.document_no
    {%- endif %}
),

renamed as (
    select
        -- ids
        nullif(trim(receipt_no), '') as receipt_no,
        nullif(trim(document_no), '') as document_no,
        nullif(trim(customer_code), '') as customer_code,

        -- text
        nullif(trim(currency), '') as currency,

        -- numbers
        amount,

        -- dates
        received_on,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
