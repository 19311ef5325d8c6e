with

int_customer_identities as (
    select * from {{ ref('int_customer_identities') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

int_customers_corrected as (
    select * from {{ ref('int_customers_corrected') }}
),

stg_crm__accounts as (
    select * from {{ ref('stg_crm__accounts') }}
),

customers as (
    select
        customer_key,
        max(group_customer_key) as group_customer_key,
        max(split_from_customer_key) as split_from_customer_key,
        max(closed_on) as closed_on,
        max(closed_reason) as closed_reason,
        count(customer_code) as customer_code_count,
        max(case when not is_absorbed and is_internal then 1 else 0 end) = 1 as is_internal
    from int_customer_identities
    group by customer_key
),

openings as (
    select
        identities.customer_key,
        -- The oldest of the merged accounts tells how long the customer has been one.
        min(corrected.opened_on) as opened_on
    from int_customer_identities as identities
    inner join int_customers_corrected as corrected
        on identities.customer_code = corrected.customer_code
    group by identities.customer_key
),

primary_accounts as (
    select
        identities.customer_key,
        accounts.*
    from int_account_identities as identities
    inner join stg_crm__accounts as accounts
        on identities.account_id = accounts.account_id
    where identities.is_primary_account
),

described as (
    select
        customers.customer_key,
        corrected.customer_code,
        accounts.account_id,
        customers.group_customer_key,
        customers.split_from_customer_key,
        coalesce(corrected.customer_name, accounts.account_name, customers.customer_key) as customer_name,
        corrected.country,
        coalesce(corrected.region, accounts.region) as region,
        coalesce(corrected.industry, accounts.industry) as industry,
        accounts.segment,
        accounts.employee_band,
        accounts.service_mode,
        corrected.currency,
        customers.closed_reason,
        customers.customer_code_count,
        customers.is_internal,
        corrected.customer_code is null as is_crm_only,
        accounts.is_strategic,
        coalesce(corrected.is_deleted_in_source, accounts.is_deleted, false) as is_deleted_in_source,
        openings.opened_on,
        customers.closed_on,
        accounts.contract_start,
        accounts.contract_end
    from customers
    left join int_customers_corrected as corrected
        on customers.customer_key = corrected.customer_code
    left join openings
        on customers.customer_key = openings.customer_key
    left join primary_accounts as accounts
        on customers.customer_key = accounts.customer_key
)

select * from described
