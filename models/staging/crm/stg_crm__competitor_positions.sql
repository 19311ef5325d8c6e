with

competitor_positions as (
    select * from {{ source('crm', 'competitor_positions') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'competitor_positions'
),

versions as (
    select
        competitor_positions.*,
        {{ rank_versions(
            'competitor_positions',
            ['account_id', 'competitor_id', 'product_category'],
            ['noted_on'],
        ) }} as version_rank
    from competitor_positions
    inner join current_files
        on competitor_positions.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(account_id), '') as account_id,
        nullif(trim(competitor_id), '') as competitor_id,

        -- text
        nullif(trim(product_category), '') as product_category,
        nullif(trim(competitor_name), '') as competitor_name,
        nullif(trim(evidence), '') as evidence,

        -- numbers
        estimated_share,

        -- dates
        noted_on,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
