with

int_customers_corrected as (
    select * from {{ ref('int_customers_corrected') }}
),

int_customer_merges as (
    select * from {{ ref('int_customer_merges') }}
),

-- The survivor's parent counts; what an absorbed account belonged to is history.
links as (
    select
        survivors.customer_key,
        parents.customer_key as parent_customer_key
    from int_customer_merges as survivors
    inner join int_customers_corrected as customers
        on survivors.customer_code = customers.customer_code
    left join int_customer_merges as parents
        on
            customers.parent_customer_code = parents.customer_code
            and survivors.customer_key <> parents.customer_key
    where not survivors.is_absorbed
),

{{ follow_chains('parent_chains', 'links', 'customer_key', 'parent_customer_key') }}

grouped as (
    select
        links.customer_key,
        links.parent_customer_key,
        parent_chains.chain_end as group_customer_key
    from links
    inner join parent_chains
        on links.customer_key = parent_chains.customer_key
)

select * from grouped
