with

exchange_rates as (
    select * from {{ source('ledger', 'exchange_rates') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'ledger' and table_name = 'exchange_rates'
),

versions as (
    select
        exchange_rates.*,
        {{ rank_versions('exchange_rates', ['currency'], ['rate_month']) }} as version_rank
    from exchange_rates
    inner join current_files
        on exchange_rates.load_file_id = current_files.file_id
),

renamed as (
    select
        -- text
        nullif(trim(currency), '') as currency,

        -- numbers
        rate_to_reporting,

        -- dates
        rate_month,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
