-- What somebody said keeps a customer from buying more: causes named in a talk, reasons a deal with it was lost for,
-- and events at the account that are a cause themselves. As stated: nobody asked why a second time.
with

accounts as (
    select * from {{ ref('int_account_identities') }}
),

defection_causes as (
    select * from {{ ref('defection_causes') }}
),

opportunities as (
    select * from {{ ref('stg_crm__opportunities') }}
    where stage = 'lost' and opportunity_type in ('expansion', 'renewal', 'win_back')
),

named as (
    select
        reviews.account_id,
        causes.cause_code,
        reviews.held_on as noted_date,
        'talk' as source
    from {{ ref('stg_crm__defection_reviews') }} as reviews
    inner join {{ ref('stg_crm__review_causes') }} as causes
        on reviews.review_id = causes.review_id
    where reviews.outcome = 'held'
    union all
    select
        account_id,
        reason_code as cause_code,
        closed_on as noted_date,
        'lost_deal' as source
    from opportunities
    union all
    select
        account_id,
        event_type as cause_code,
        happened_on as noted_date,
        'event' as source
    from {{ ref('stg_crm__account_events') }}
),

{{ follow_chains('crosswalk', 'defection_causes', 'cause_code', 'replaced_by_code') }}

final as (
    select distinct
        accounts.customer_key,
        named.noted_date,
        named.source,
        coalesce(causes.parent_cause_code, causes.cause_code) as cause_family_code
    from named
    inner join accounts
        on named.account_id = accounts.account_id
    inner join crosswalk
        on named.cause_code = crosswalk.cause_code
    inner join defection_causes as causes
        on crosswalk.chain_end = causes.cause_code
    where named.noted_date is not null and causes.cause_code <> 'unknown'
)

select * from final
