with

accounts as (
    select * from {{ source('crm', 'accounts') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'accounts'
),

versions as (
    select
        accounts.*,
        {{ rank_versions('accounts', ['account_id']) }} as version_rank
    from accounts
    inner join current_files
        on accounts.load_file_id = current_files.file_id
),

renamed as (
    select
        -- ids
        nullif(trim(account_id), '') as account_id,
        nullif(trim(customer_code), '') as customer_code,
        nullif(trim(referred_by_account_id), '') as referred_by_account_id,

        -- text
        nullif(trim(account_name), '') as account_name,
        nullif(trim(segment), '') as segment,
        nullif(trim(industry), '') as industry,
        nullif(trim(region), '') as region,
        nullif(trim(employee_band), '') as employee_band,
        nullif(trim(credit_grade), '') as credit_grade,
        nullif(trim(service_mode), '') as service_mode,

        -- numbers
        annual_revenue,
        long_term_intent,
        price_sensitivity,

        -- booleans
        is_strategic,
        is_deleted,

        -- dates
        contract_start,
        contract_end,
        notice_date,

        -- load columns
        load_file_id,
        load_line_number
    from versions
    where version_rank = 1
)

select * from renamed
