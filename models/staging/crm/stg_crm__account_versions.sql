-- The account list says what holds now; its successive deliveries say since when it was known. What no
-- delivery said is not known: the first list is not held to be true of the years before it.
with

accounts as (
    select * from {{ source('crm', 'accounts') }}
),

current_files as (
    select * from {{ ref('stg_loader__current_files') }}
    where source_name = 'crm' and table_name = 'accounts'
),

delivered_files as (
    select * from {{ ref('stg_loader__delivered_files') }}
    where source_name = 'crm' and table_name = 'accounts'
),

versions as (
    select
        nullif(trim(accounts.account_id), '') as account_id,
        nullif(trim(accounts.customer_code), '') as customer_code,
        nullif(trim(accounts.account_name), '') as account_name,
        nullif(trim(accounts.segment), '') as segment,
        nullif(trim(accounts.industry), '') as industry,
        nullif(trim(accounts.region), '') as region,
        nullif(trim(accounts.employee_band), '') as employee_band,
        nullif(trim(accounts.credit_grade), '') as credit_grade,
        nullif(trim(accounts.service_mode), '') as service_mode,
        nullif(trim(accounts.referred_by_account_id), '') as referred_by_account_id,
        accounts.annual_revenue,
        accounts.long_term_intent,
        accounts.price_sensitivity,
        accounts.is_strategic,
        accounts.is_deleted,
        accounts.contract_start,
        accounts.contract_end,
        accounts.notice_date,
        delivered_files.known_on_date,
        -- Of two deliveries of one day the later holds.
        row_number() over (
            partition by trim(accounts.account_id), delivered_files.known_on_date
            order by current_files.file_rank desc nulls last, accounts.load_line_number desc nulls last
        ) as version_rank
    from accounts
    inner join current_files
        on accounts.load_file_id = current_files.file_id
    inner join delivered_files
        on current_files.file_id = delivered_files.file_id
),

dated as (
    select
        account_id,
        customer_code,
        account_name,
        segment,
        industry,
        region,
        employee_band,
        credit_grade,
        service_mode,
        referred_by_account_id,
        annual_revenue,
        long_term_intent,
        price_sensitivity,
        is_strategic,
        is_deleted,
        contract_start,
        contract_end,
        notice_date,
        known_on_date,
        lead(known_on_date) over (
            partition by account_id
            order by known_on_date asc nulls last
        ) as replaced_on_date
    from versions
    where version_rank = 1
)

select * from dated
