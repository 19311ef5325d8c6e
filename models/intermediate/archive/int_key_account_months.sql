-- Who was a key account at the start of which month, as it was known then, with the account that keeps its record.
with

key_accounts as (
    select * from {{ ref('fct_customer_classes') }}
    where scheme = 'key_account' and class_as_known = 'key_account'
),

primary_accounts as (
    select * from {{ ref('int_account_identities') }}
    where is_primary_account
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

final as (
    select
        key_accounts.customer_key,
        -- To join what is told of closed months alone by equal columns, without a further condition.
        case when dim_months.is_closed_month then key_accounts.customer_key end as closed_customer_key,
        key_accounts.reporting_month,
        primary_accounts.account_id,
        dim_months.period_end_date,
        dim_months.is_closed_month
    from key_accounts
    inner join dim_months
        on key_accounts.reporting_month = dim_months.reporting_month
    left join primary_accounts
        on key_accounts.customer_key = primary_accounts.customer_key
)

select * from final
