with

load_batches as (
    select * from {{ source('loader', 'load_batches') }}
),

renamed as (
    select
        -- ids
        batch_id,

        -- text
        status,
        message,

        -- dates
        started_at,
        finished_at
    from load_batches
)

select * from renamed
