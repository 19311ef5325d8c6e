with

account_investments as (
    select * from {{ source('crm', 'account_investments') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'account_investments'
),

versions as (
    select
        account_investments.*,
        {{ rank_versions('account_investments', ['investment_id']) }} as version_rank
    from account_investments
    inner join current_files
        on account_investments.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(investment_id), '') as investment_id,
        nullif(trim(account_id), '') as account_id,

        -- text
        nullif(trim(kind), '') as kind,
        nullif(trim(currency), '') as currency,
        nullif(trim(programme), '') as programme,

        -- numbers
        amount,

        -- dates
        spent_on,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
