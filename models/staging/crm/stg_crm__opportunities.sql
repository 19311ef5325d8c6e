with

opportunities as (
    select * from {{ source('crm', 'opportunities') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'opportunities'
),

versions as (
    select
        opportunities.*,
        {{ rank_versions('opportunities', ['opportunity_id']) }} as version_rank
    from opportunities
    inner join current_files
        on opportunities.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(opportunity_id), '') as opportunity_id,
        nullif(trim(account_id), '') as account_id,
        nullif(trim(reason_code), '') as reason_code,
        nullif(trim(competitor_id), '') as competitor_id,

        -- text
        nullif(trim(opportunity_type), '') as opportunity_type,
        nullif(trim(stage), '') as stage,

        -- numbers
        amount,

        -- dates
        opened_on,
        closed_on,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
