with

wallet_estimates as (
    select * from {{ source('crm', 'wallet_estimates') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'wallet_estimates'
),

versions as (
    select
        wallet_estimates.*,
        {{ rank_versions(
            'wallet_estimates',
            ['account_id', 'product_category'],
            ['period_start'],
        ) }} as version_rank
    from wallet_estimates
    inner join current_files
        on wallet_estimates.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(account_id), '') as account_id,

        -- text
        nullif(trim(product_category), '') as product_category,
        nullif(trim(currency), '') as currency,
        nullif(trim(method), '') as method,

        -- numbers
        wallet_amount,
        our_rank,
        supplier_count,

        -- dates
        period_start,
        period_end,
        estimated_on,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
