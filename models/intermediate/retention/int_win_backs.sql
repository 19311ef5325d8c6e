-- What became of each lost customer, and whether a call or visit of ours came before its return. A contact can
-- have caused it only if it lies between the loss and the order, and not too long before the order.
with

int_defection_episodes as (
    select * from {{ ref('int_defection_episodes') }}
),

int_retention_policies as (
    select * from {{ ref('int_retention_policies') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

int_customer_closures as (
    select * from {{ ref('int_customer_closures') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

stg_crm__activities as (
    select * from {{ ref('stg_crm__activities') }}
    where happened_at is not null
),

service_kinds as (
    select * from {{ ref('service_kinds') }}
    where service_source = 'activity' and is_personal_contact
),

contact_log as (
    select min(cast(happened_at as date)) as first_contact_date
    from stg_crm__activities
),

episodes as (
    select
        episodes.customer_key,
        episodes.episode_no,
        episodes.effective_date,
        episodes.last_purchase_date,
        episodes.returned_on,
        cast({{ dbt.dateadd('day', 'policies.win_back_days', 'episodes.effective_date') }} as date) as deadline_date,
        policies.win_back_contact_days
    from int_defection_episodes as episodes
    inner join int_retention_policies as policies
        on {{ month_of('episodes.effective_date') }} = policies.reporting_month
),

-- Grouped before the episodes are joined, so that the join begins with the customer and not with the days.
contact_days as (
    select distinct
        accounts.customer_key,
        cast(activities.happened_at as date) as contact_date
    from stg_crm__activities as activities
    inner join service_kinds
        on activities.activity_type = service_kinds.service_kind
    inner join int_account_identities as accounts
        on activities.account_id = accounts.account_id
    where activities.direction = 'outbound'
),

contacts as (
    select
        episodes.customer_key,
        episodes.episode_no,
        max(contact_days.contact_date) as last_contact_date
    from episodes
    inner join contact_days
        on
            episodes.customer_key = contact_days.customer_key
            and episodes.effective_date <= contact_days.contact_date
            and episodes.returned_on > contact_days.contact_date
            and {{ dbt.datediff('contact_days.contact_date', 'episodes.returned_on', 'day') }}
            <= episodes.win_back_contact_days
    group by
        episodes.customer_key,
        episodes.episode_no
),

final as (
    select
        episodes.customer_key,
        episodes.episode_no,
        episodes.effective_date,
        episodes.last_purchase_date,
        episodes.returned_on,
        episodes.deadline_date,
        -- Whoever closed for good before the deadline could not be asked back.
        coalesce(
            closures.closed_on <= episodes.deadline_date
            and coalesce(episodes.returned_on > closures.closed_on, true), false
        ) as is_closed,
        episodes.deadline_date < least(
            coalesce(calendar.data_complete_through, calendar.as_of_date),
            cast({{ dbt.dateadd('day', 1, 'calendar.as_of_date') }} as date)
        ) as is_mature,
        coalesce(episodes.returned_on <= episodes.deadline_date, false) as is_won_back,
        contacts.last_contact_date,
        -- NULL without a return, and where the log of contacts begins after the loss or is not there.
        case
            when contact_log.first_contact_date <= episodes.effective_date and episodes.returned_on is not null
                then contacts.last_contact_date is not null
        end as is_attributed
    from episodes
    cross join int_reporting_calendar as calendar
    cross join contact_log
    left join int_customer_closures as closures
        on episodes.customer_key = closures.customer_key
    left join contacts
        on
            episodes.customer_key = contacts.customer_key
            and episodes.episode_no = contacts.episode_no
)

select * from final
