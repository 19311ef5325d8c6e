-- Accounts that another one referred, with the deals that won or were to win them. A referral without a deal is one row
-- without an opportunity.
with

stg_crm__accounts as (
    select * from {{ ref('stg_crm__accounts') }}
    where referred_by_account_id is not null
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

deals as (
    select
        opportunities.account_id,
        opportunities.opportunity_id,
        opportunities.opened_on as opened_date,
        -- What is decided after the month reported is not decided yet.
        case
            when opportunities.closed_on <= calendar.as_of_date and opportunities.stage <> 'open'
                then opportunities.stage = 'won'
        end as is_won
    from {{ ref('stg_crm__opportunities') }} as opportunities
    inner join int_reporting_calendar as calendar
        on opportunities.opened_on <= calendar.as_of_date
    where opportunities.opportunity_type in ('new', 'switch_in')
),

final as (
    select
        accounts.account_id,
        deals.opportunity_id,
        identities.customer_key,
        coalesce(referrers.customer_key, accounts.referred_by_account_id) as referrer_key,
        deals.opened_date,
        deals.is_won
    from stg_crm__accounts as accounts
    inner join int_account_identities as identities
        on accounts.account_id = identities.account_id
    left join int_account_identities as referrers
        on accounts.referred_by_account_id = referrers.account_id
    left join deals
        on accounts.account_id = deals.account_id
)

select * from final
