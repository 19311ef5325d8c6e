with

stg_crm__accounts as (
    select * from {{ ref('stg_crm__accounts') }}
),

int_customer_merges as (
    select * from {{ ref('int_customer_merges') }}
),

linked as (
    select
        accounts.account_id,
        merged_codes.customer_code,
        -- Without a customer of the ledger the account is a customer of its own: a prospect.
        coalesce(merged_codes.customer_key, concat('account:', accounts.account_id)) as customer_key,
        merged_codes.customer_code is null as is_crm_only,
        coalesce(accounts.is_deleted, false) as is_deleted,
        coalesce(merged_codes.is_absorbed, false) as is_absorbed
    from stg_crm__accounts as accounts
    left join int_customer_merges as merged_codes
        on accounts.customer_code = merged_codes.customer_code
),

ranked as (
    select
        account_id,
        customer_code,
        customer_key,
        is_crm_only,
        is_deleted,
        row_number() over (
            partition by customer_code
            order by is_deleted asc nulls last, account_id asc nulls last
        ) = 1 as is_first_of_code,
        row_number() over (
            partition by customer_key
            order by is_deleted asc nulls last, is_absorbed asc nulls last, account_id asc nulls last
        ) = 1 as is_primary_account
    from linked
),

final as (
    select
        account_id,
        customer_code,
        customer_key,
        is_crm_only,
        is_deleted,
        is_crm_only or is_first_of_code as is_account_of_code,
        is_primary_account
    from ranked
)

select * from final
