with

int_customers_corrected as (
    select * from {{ ref('int_customers_corrected') }}
),

links as (
    select
        customers.customer_code,
        survivors.customer_code as merged_into_code,
        case when survivors.customer_code is not null then customers.merged_on end as merged_on
    from int_customers_corrected as customers
    -- A merge into a code that no list knows is not followed: the money would go to nobody.
    left join int_customers_corrected as survivors
        on
            customers.merged_into_code = survivors.customer_code
            and customers.customer_code <> survivors.customer_code
),

{{ follow_chains('merge_chains', 'links', 'customer_code', 'merged_into_code') }}

merged as (
    select
        links.customer_code,
        merge_chains.chain_end as customer_key,
        links.merged_into_code,
        links.merged_on,
        links.merged_into_code is not null as is_absorbed
    from links
    inner join merge_chains
        on links.customer_code = merge_chains.customer_code
)

select * from merged
