with

defection_reviews as (
    select * from {{ source('crm', 'defection_reviews') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'defection_reviews'
),

versions as (
    select
        defection_reviews.*,
        {{ rank_versions('defection_reviews', ['review_id']) }} as version_rank
    from defection_reviews
    inner join current_files
        on defection_reviews.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(review_id), '') as review_id,
        nullif(trim(account_id), '') as account_id,
        nullif(trim(interviewer_id), '') as interviewer_id,
        nullif(trim(destination_competitor_id), '') as destination_competitor_id,

        -- text
        nullif(trim(review_kind), '') as review_kind,
        nullif(trim(outcome), '') as outcome,
        nullif(trim(exit_class), '') as exit_class,
        nullif(trim(age_band), '') as age_band,
        nullif(trim(income_band), '') as income_band,
        nullif(trim(education_band), '') as education_band,

        -- numbers
        declared_tenure_months,

        -- booleans
        is_external,
        would_return,

        -- dates
        scheduled_for,
        held_on,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
