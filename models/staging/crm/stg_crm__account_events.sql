with

account_events as (
    select * from {{ source('crm', 'account_events') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'account_events'
),

versions as (
    select
        account_events.*,
        {{ rank_versions('account_events', ['event_id']) }} as version_rank
    from account_events
    inner join current_files
        on account_events.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(event_id), '') as event_id,
        nullif(trim(account_id), '') as account_id,
        nullif(trim(competitor_id), '') as competitor_id,

        -- text
        nullif(trim(event_type), '') as event_type,
        nullif(trim(note), '') as note,

        -- dates
        happened_on,
        known_on,
        responded_on,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
