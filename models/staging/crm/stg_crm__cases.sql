with

cases as (
    select * from {{ source('crm', 'cases') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'cases'
),

versions as (
    select
        cases.*,
        {{ rank_versions('cases', ['case_id']) }} as version_rank
    from cases
    inner join current_files
        on cases.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(case_id), '') as case_id,
        nullif(trim(account_id), '') as account_id,
        nullif(trim(failure_code), '') as failure_code,
        nullif(trim(product_code), '') as product_code,
        nullif(trim(document_no), '') as document_no,
        nullif(trim(merged_into_case_id), '') as merged_into_case_id,

        -- text
        nullif(trim(case_type), '') as case_type,
        nullif(trim(channel), '') as channel,
        nullif(trim(detected_by), '') as detected_by,

        -- numbers
        severity,
        reopened_count,
        compensation_amount,

        -- booleans
        is_adopted,

        -- dates
        occurred_at,
        received_at,
        acknowledged_at,
        first_response_at,
        resolved_at,
        closed_at,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
