with

account_assignments as (
    select * from {{ source('crm', 'account_assignments') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'account_assignments'
),

versions as (
    select
        account_assignments.*,
        {{ rank_versions(
            'account_assignments',
            ['account_id', 'employee_id'],
            ['assigned_from'],
        ) }} as version_rank
    from account_assignments
    inner join current_files
        on account_assignments.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(account_id), '') as account_id,
        nullif(trim(employee_id), '') as employee_id,

        -- text
        nullif(trim(role), '') as role,

        -- dates
        assigned_from,
        assigned_to,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
