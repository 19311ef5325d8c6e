with

dim_customers as (
    select * from {{ ref('dim_customers') }}
),

members as (
    select
        group_customer_key,
        count(*) as member_count,
        sum(case when not is_prospect and not is_internal then 1 else 0 end) as buying_member_count,
        min(first_purchase_date) as first_purchase_date,
        max(last_purchase_date) as last_purchase_date
    from dim_customers
    group by group_customer_key
),

final as (
    select
        members.group_customer_key,
        heads.customer_name as group_name,
        heads.country,
        heads.industry,
        heads.segment,
        cast(members.member_count as bigint) as member_count,
        cast(members.buying_member_count as bigint) as buying_member_count,
        members.member_count > 1 as is_group,
        members.first_purchase_date,
        members.last_purchase_date
    from members
    left join dim_customers as heads
        on members.group_customer_key = heads.customer_key
)

select * from final
