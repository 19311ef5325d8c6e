-- A view on purpose, for the reasons of int_restated_months: it compares what the fact was built from
-- with what counts now.
with

stg_loader__current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'ledger' and table_name = 'deliveries'
),

built_files as (
    select * from {{ source('build_state', 'delivery_files') }}
),

-- Every version ever delivered: a promise that the customer moved has a month there too.
deliveries as (
    select * from {{ source('ledger', 'deliveries') }}
),

changed_files as (
    select coalesce(files.file_id, built_files.file_id) as file_id
    from stg_loader__current_files as files
    full outer join built_files
        on files.file_id = built_files.file_id
    where files.file_id is null or built_files.file_id is null
),

changed_deliveries as (
    select distinct trim(delivery_no) as delivery_no from deliveries
    where load_file_id in (select changed_files.file_id from changed_files)
),

touched as (
    select
        first_promised_date,
        promised_date
    from deliveries
    where trim(delivery_no) in (select changed_deliveries.delivery_no from changed_deliveries)
),

-- Either promise may be the one that counts.
restated as (
    select {{ month_of('first_promised_date') }} as reporting_month from touched
    union
    select {{ month_of('promised_date') }} as reporting_month from touched
    where promised_date is not null
)

select reporting_month from restated
