with

deliveries as (
    select * from {{ source('ledger', 'deliveries') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'ledger' and table_name = 'deliveries'
),

versions as (
    select
        deliveries.*,
        {{ rank_versions('deliveries', ['delivery_no'], ['line_no']) }} as version_rank
    from deliveries
    inner join current_files
        on deliveries.load_file_id = current_files.file_id
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
