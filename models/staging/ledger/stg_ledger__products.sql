with

products as (
    select * from {{ source('ledger', 'products') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'ledger' and table_name = 'products'
),

versions as (
    select
        products.*,
        {{ rank_versions('products', ['product_code']) }} as version_rank
    from products
    inner join current_files
        on products.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(product_code), '') as product_code,

        -- text
        nullif(trim(product_name), '') as product_name,
        nullif(trim(product_category), '') as product_category,
        nullif(trim(product_line), '') as product_line,

        -- numbers
        standard_cost,

        -- booleans
        is_service,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
