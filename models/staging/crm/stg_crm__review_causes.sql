with

review_causes as (
    select * from {{ source('crm', 'review_causes') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'review_causes'
),

versions as (
    select
        review_causes.*,
        {{ rank_versions('review_causes', ['review_id', 'cause_code']) }} as version_rank
    from review_causes
    inner join current_files
        on review_causes.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(review_id), '') as review_id,
        nullif(trim(cause_code), '') as cause_code,

        -- numbers
        weight,
        rank,
        why_level,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
