with

survey_answers as (
    select * from {{ source('crm', 'survey_answers') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'survey_answers'
),

versions as (
    select
        survey_answers.*,
        {{ rank_versions('survey_answers', ['invite_id', 'question']) }} as version_rank
    from survey_answers
    inner join current_files
        on survey_answers.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(invite_id), '') as invite_id,
        nullif(trim(account_id), '') as account_id,
        nullif(trim(contact_id), '') as contact_id,
        nullif(trim(activity_id), '') as activity_id,

        -- text
        nullif(trim(question), '') as question,
        nullif(trim(survey_wave), '') as survey_wave,
        nullif(trim(mode), '') as mode,
        nullif(trim(stratum), '') as stratum,

        -- numbers
        level,
        inclusion_probability,

        -- dates
        invited_at,
        answered_at,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
