with

contacts as (
    select * from {{ source('crm', 'contacts') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'contacts'
),

versions as (
    select
        contacts.*,
        {{ rank_versions('contacts', ['contact_id']) }} as version_rank
    from contacts
    inner join current_files
        on contacts.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(contact_id), '') as contact_id,
        nullif(trim(account_id), '') as account_id,

        -- text
        nullif(trim(full_name), '') as full_name,
        nullif(trim(role), '') as role,
        nullif(trim(email), '') as email,
        nullif(trim(phone), '') as phone,

        -- booleans
        is_decision_maker,
        consent,

        -- dates
        birthday,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
