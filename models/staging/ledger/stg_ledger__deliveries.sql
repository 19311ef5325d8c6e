{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['delivery_no', 'line_no'],
        on_schema_change='fail',
        post_hook="{{ delete_withdrawn_rows('ledger', 'deliveries') }}",
    )
}}

with

deliveries as (
    select * from {{ source('ledger', 'deliveries') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'ledger' and table_name = 'deliveries'
),

{% if is_incremental() %}

changed_files as (
    {{ find_changed_files() }}
),

touched as (
    select distinct
        trim(deliveries.delivery_no) as delivery_no,
        deliveries.line_no
    from deliveries
    where deliveries.load_file_id in (select changed_files.file_id from changed_files)
),

{% endif %}

versions as (
    select
        deliveries.*,
        {{ rank_versions('deliveries', ['delivery_no'], ['line_no']) }} as version_rank
    from deliveries
    inner join current_files
        on deliveries.load_file_id = current_files.file_id
    {%- if is_incremental() %}
    inner join touched
        on
            trim(deliveries.delivery_no) = touched.delivery_no
            and deliveries.line_no = touched.line_no
    {%- endif %}
),

renamed as (
    select
        -- ids
        nullif(trim(delivery_no), '') as delivery_no,
        line_no,
        nullif(trim(document_no), '') as document_no,
        nullif(trim(customer_code), '') as customer_code,
        nullif(trim(product_code), '') as product_code,

        -- text
        nullif(trim(promise_changed_by), '') as promise_changed_by,

        -- numbers
        ordered_quantity,
        delivered_quantity,

        -- dates
        first_promised_date,
        promised_date,
        delivered_on,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
