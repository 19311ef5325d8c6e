with

corrective_actions as (
    select * from {{ source('crm', 'corrective_actions') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'corrective_actions'
),

versions as (
    select
        corrective_actions.*,
        {{ rank_versions('corrective_actions', ['action_id']) }} as version_rank
    from corrective_actions
    inner join current_files
        on corrective_actions.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(action_id), '') as action_id,
        nullif(trim(owner_employee_id), '') as owner_employee_id,
        nullif(trim(failure_code), '') as failure_code,
        nullif(trim(cause_code), '') as cause_code,
        nullif(trim(review_id), '') as review_id,

        -- text
        nullif(trim(title), '') as title,

        -- dates
        decided_on,
        due_on,
        done_on,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
