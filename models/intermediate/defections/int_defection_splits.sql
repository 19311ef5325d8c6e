-- The last part of the customer that went its own way in the two years that a partial defection compares: what it
-- took along is missing at the customer, and nobody lured it away.
with

int_defections as (
    select * from {{ ref('int_defections') }}
),

parts as (
    select
        split_from_customer_key as customer_key,
        first_purchase_date as split_off_on
    from {{ ref('dim_customers') }}
    where split_from_customer_key is not null and first_purchase_date is not null
),

paired as (
    select
        episodes.customer_key,
        episodes.episode_no,
        parts.split_off_on,
        {{ months_apart('parts.split_off_on', 'episodes.began_month') }} as months_since_split
    from int_defections as episodes
    inner join parts
        on episodes.customer_key = parts.customer_key
),

final as (
    select
        customer_key,
        episode_no,
        max(split_off_on) as split_off_on
    from paired
    where months_since_split between 0 and 23
    group by
        customer_key,
        episode_no
)

select * from final
