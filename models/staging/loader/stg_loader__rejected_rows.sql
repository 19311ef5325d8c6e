with

rejected_rows as (
    select * from {{ source('loader', 'rejected_rows') }}
),

renamed as (
    select
        -- ids
        file_id,
        batch_id,

        -- text
        source_name,
        table_name,
        file_name,
        column_name,
        value as rejected_value,
        reason,

        -- numbers
        line_number
    from rejected_rows
)

select * from renamed
