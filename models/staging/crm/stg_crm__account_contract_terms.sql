-- A renewal overwrites the account's contract columns from delivery to delivery, so earlier terms
-- are found only in earlier deliveries.
with

accounts as (
    select * from {{ source('crm', 'accounts') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'accounts'
),

terms as (
    select
        nullif(trim(accounts.account_id), '') as account_id,
        accounts.contract_start,
        accounts.contract_end,
        accounts.notice_date,
        min(current_files.listed_date) as first_seen_date,
        max(current_files.listed_date) as last_seen_date,
        max(current_files.file_rank) as last_file_rank
    from accounts
    inner join current_files
        on accounts.load_file_id = current_files.file_id
    where accounts.contract_start is not null or accounts.contract_end is not null
    group by
        nullif(trim(accounts.account_id), ''),
        accounts.contract_start,
        accounts.contract_end,
        accounts.notice_date
),

versioned as (
    select
        *,
        row_number() over (
            partition by account_id, contract_start
            order by
                last_file_rank desc nulls last,
                contract_end desc nulls last,
                notice_date desc nulls last
        ) = 1 as is_latest_version
    from terms
),

renamed as (
    select
        -- ids
        account_id,

        -- booleans
        is_latest_version,

        -- dates
        contract_start,
        contract_end,
        notice_date,
        first_seen_date,
        last_seen_date
    from versioned
)

select * from renamed
