with

stg_crm__competitor_positions as (
    select * from {{ ref('stg_crm__competitor_positions') }}
),

stg_crm__opportunities as (
    select * from {{ ref('stg_crm__opportunities') }}
),

stg_crm__defection_reviews as (
    select * from {{ ref('stg_crm__defection_reviews') }}
),

stg_crm__account_events as (
    select * from {{ ref('stg_crm__account_events') }}
),

all_ids as (
    select competitor_id from stg_crm__competitor_positions
    union
    select competitor_id from stg_crm__opportunities
    where competitor_id is not null
    union
    select destination_competitor_id as competitor_id from stg_crm__defection_reviews
    where destination_competitor_id is not null
    union
    select competitor_id from stg_crm__account_events
    where competitor_id is not null
),

-- Every note carries the name, so a competitor that renamed itself has several: the last one holds.
named as (
    select
        competitor_id,
        competitor_name,
        min(noted_on) over (partition by competitor_id) as first_noted_date,
        max(noted_on) over (partition by competitor_id) as last_noted_date,
        row_number() over (
            partition by competitor_id
            order by noted_on desc nulls last, account_id asc nulls last, product_category asc nulls last
        ) as recency_rank
    from stg_crm__competitor_positions
),

final as (
    select
        all_ids.competitor_id as competitor_key,
        all_ids.competitor_id,
        named.competitor_name,
        named.first_noted_date,
        named.last_noted_date
    from all_ids
    left join named
        on
            all_ids.competitor_id = named.competitor_id
            and named.recency_rank = 1
)

select * from final
