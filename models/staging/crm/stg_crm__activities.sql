with

activities as (
    select * from {{ source('crm', 'activities') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'activities'
),

versions as (
    select
        activities.*,
        {{ rank_versions('activities', ['activity_id']) }} as version_rank
    from activities
    inner join current_files
        on activities.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(activity_id), '') as activity_id,
        nullif(trim(account_id), '') as account_id,
        nullif(trim(contact_id), '') as contact_id,
        nullif(trim(employee_id), '') as employee_id,

        -- text
        nullif(trim(activity_type), '') as activity_type,
        nullif(trim(direction), '') as direction,
        nullif(trim(lifecycle_stage), '') as lifecycle_stage,

        -- numbers
        sentiment,

        -- dates
        planned_for,
        happened_at,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
