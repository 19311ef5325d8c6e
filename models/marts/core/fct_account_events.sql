-- One row per event that a customer or a rival went through, as far as it was known by the month reported. Counted in
-- the month it happened; how long it took to be known says whether anybody was listening.
with

account_events as (
    select * from {{ ref('stg_crm__account_events') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

account_event_types as (
    select * from {{ ref('account_event_types') }}
),

business_days as (
    select
        calendar_date,
        sum(case when is_business_day then 1 else 0 end) over (
            order by calendar_date nulls last
            rows between unbounded preceding and current row
        ) as business_day_no
    from {{ ref('int_business_days') }}
),

int_service_policies as (
    select * from {{ ref('int_service_policies') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

known as (
    select
        events.event_id,
        identities.customer_key,
        events.competitor_id as competitor_key,
        events.event_type,
        types.archive_group,
        types.party_role,
        events.happened_on as happened_date,
        events.known_on as known_date,
        case when events.responded_on <= calendar.as_of_date then events.responded_on end as responded_date,
        {{ month_of('events.happened_on') }} as reporting_month
    from account_events as events
    inner join int_reporting_calendar as calendar
        on
            events.happened_on <= calendar.as_of_date
            and coalesce(events.known_on, events.happened_on) <= calendar.as_of_date
    inner join account_event_types as types
        on events.event_type = types.event_type
    left join int_account_identities as identities
        on events.account_id = identities.account_id
),

measured as (
    select
        known.*,
        policies.archive_timely_business_days,
        policies.demand_response_days,
        -- What was announced was known in no time. A maximum would make 0 of what is not known.
        case
            when known.known_date <= known.happened_date then 0
            else known_days.business_day_no - happened_days.business_day_no
        end as knowledge_business_days,
        cast(
            {{ dbt.datediff('known.happened_date', 'known.known_date', 'day') }}
            as bigint
        ) as knowledge_days,
        cast(
            {{ dbt.datediff('known.happened_date', 'known.responded_date', 'day') }}
            as bigint
        ) as response_days,
        cast(
            {{ dbt.datediff('known.happened_date', 'calendar.as_of_date', 'day') }}
            as bigint
        ) as followed_days
    from known
    cross join int_reporting_calendar as calendar
    inner join int_service_policies as policies
        on known.reporting_month = policies.reporting_month
    left join business_days as happened_days
        on known.happened_date = happened_days.calendar_date
    left join business_days as known_days
        on known.known_date = known_days.calendar_date
),

final as (
    select
        event_id,
        customer_key,
        competitor_key,
        event_type,
        archive_group,
        party_role,
        knowledge_days,
        cast(knowledge_business_days as bigint) as knowledge_business_days,
        response_days,
        knowledge_business_days <= archive_timely_business_days as is_known_in_time,
        responded_date is not null as is_answered,
        -- Not known before the time to answer is over.
        case
            when response_days <= demand_response_days then true
            when followed_days > demand_response_days then false
        end as is_answered_in_time,
        happened_date,
        known_date,
        responded_date,
        reporting_month
    from measured
)

select * from final
