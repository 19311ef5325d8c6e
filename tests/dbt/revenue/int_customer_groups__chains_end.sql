-- The head of a group belongs to nobody; if it does, the hierarchy is deeper than follow_chains goes or
-- runs in a circle.
with

int_customer_groups as (
    select * from {{ ref('int_customer_groups') }}
),

heads as (
    select
        members.customer_key,
        members.group_customer_key,
        heads.parent_customer_key
    from int_customer_groups as members
    inner join int_customer_groups as heads
        on members.group_customer_key = heads.customer_key
    where heads.parent_customer_key is not null
)

select * from heads
