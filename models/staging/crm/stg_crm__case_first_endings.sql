-- A reopened case tells its last solving alone. When it was first solved is what the last delivery said that knew of no
-- reopening; what was solved and reopened between two deliveries nobody told.
with

cases as (
    select * from {{ source('crm', 'cases') }}
    where coalesce(reopened_count, 0) = 0
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

final as (
    select
        nullif(trim(case_id), '') as case_id,
        resolved_at as first_resolved_at,
        -- Closing ends what was never solved.
        coalesce(resolved_at, closed_at) as first_ended_at
    from versions
    where version_rank = 1
)

select * from final
