with

employees as (
    select * from {{ source('crm', 'employees') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'employees'
),

versions as (
    select
        employees.*,
        {{ rank_versions('employees', ['employee_id']) }} as version_rank
    from employees
    inner join current_files
        on employees.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(employee_id), '') as employee_id,

        -- text
        nullif(trim(full_name), '') as full_name,
        nullif(trim(team), '') as team,
        nullif(trim(function), '') as function,
        nullif(trim(level), '') as level,

        -- dates
        hired_on,
        left_on,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
