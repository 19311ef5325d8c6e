with

customers as (
    select * from {{ source('ledger', 'customers') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'ledger' and table_name = 'customers'
),

latest_full_list as (
    select max(file_rank) as file_rank
    from current_files
    where is_full_list
),

versions as (
    select
        customers.*,
        current_files.file_rank,
        {{ rank_versions('customers', ['customer_code']) }} as version_rank,
        min(current_files.listed_date) over (
            partition by trim(customers.customer_code)
        ) as first_seen_date,
        max(current_files.listed_date) over (
            partition by trim(customers.customer_code)
        ) as last_seen_date
    from customers
    inner join current_files
        on customers.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(versions.customer_code), '') as customer_code,
        nullif(trim(versions.parent_customer_code), '') as parent_customer_code,
        nullif(trim(versions.merged_into_code), '') as merged_into_code,

        -- text
        nullif(trim(versions.customer_name), '') as customer_name,
        nullif(trim(versions.country), '') as country,
        nullif(trim(versions.region), '') as region,
        nullif(trim(versions.industry), '') as industry,
        nullif(trim(versions.currency), '') as currency,
        nullif(trim(versions.closed_reason), '') as closed_reason,

        -- numbers
        versions.credit_limit,
        versions.payment_terms_days,

        -- booleans
        versions.is_internal,
        coalesce(versions.file_rank < latest_full_list.file_rank, false) as is_deleted_in_source,

        -- dates
        versions.merged_on,
        versions.opened_on,
        versions.closed_on,
        versions.first_seen_date,
        versions.last_seen_date,

        -- load columns
        versions.load_file_id,
        versions.load_line_number
    from versions
    cross join latest_full_list
    where versions.version_rank = 1
)

select * from renamed
