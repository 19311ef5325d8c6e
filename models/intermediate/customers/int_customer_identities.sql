with

int_customers_corrected as (
    select * from {{ ref('int_customers_corrected') }}
),

int_customer_merges as (
    select * from {{ ref('int_customer_merges') }}
),

int_customer_groups as (
    select * from {{ ref('int_customer_groups') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

ledger_customers as (
    select
        merged_codes.customer_code,
        accounts.account_id,
        merged_codes.customer_key,
        coalesce(customer_groups.group_customer_key, merged_codes.customer_key) as group_customer_key,
        -- Whoever buys on an internal account is internal, and so is all that a merge brought there.
        customers.is_internal or survivors.is_internal as is_internal,
        merged_codes.is_absorbed,
        merged_codes.merged_into_code,
        -- Who came back to the customer it was split off is no split any more.
        case when origins.customer_key <> merged_codes.customer_key then origins.customer_key end
            as split_from_customer_key,
        merged_codes.merged_on,
        survivors.closed_on,
        survivors.closed_reason
    from int_customer_merges as merged_codes
    inner join int_customers_corrected as customers
        on merged_codes.customer_code = customers.customer_code
    inner join int_customers_corrected as survivors
        on merged_codes.customer_key = survivors.customer_code
    left join int_customer_merges as origins
        on survivors.split_from_code = origins.customer_code
    left join int_customer_groups as customer_groups
        on merged_codes.customer_key = customer_groups.customer_key
    left join int_account_identities as accounts
        on
            merged_codes.customer_code = accounts.customer_code
            and accounts.is_account_of_code
),

prospects as (
    select
        cast(null as {{ dbt.type_string() }}) as customer_code,
        account_id,
        customer_key,
        customer_key as group_customer_key,
        false as is_internal,
        false as is_absorbed,
        cast(null as {{ dbt.type_string() }}) as merged_into_code,
        cast(null as {{ dbt.type_string() }}) as split_from_customer_key,
        cast(null as date) as merged_on,
        cast(null as date) as closed_on,
        cast(null as {{ dbt.type_string() }}) as closed_reason
    from int_account_identities
    where is_crm_only
),

identities as (
    select * from ledger_customers
    union all
    select * from prospects
),

final as (
    select
        customer_code,
        account_id,
        customer_key,
        group_customer_key,
        merged_into_code,
        split_from_customer_key,
        closed_reason,
        is_internal,
        is_absorbed,
        merged_on,
        closed_on
    from identities
)

select * from final
