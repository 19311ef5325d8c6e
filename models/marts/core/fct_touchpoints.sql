-- One row per contact planned or held. What happened counts in its month; what was planned and never happened in the
-- month it was planned for. The stage is the customer's at the start of the month, and before its first order always
-- acquisition; what the CRM wrote down stands beside it.
with

stg_crm__activities as (
    select * from {{ ref('stg_crm__activities') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

dim_customers as (
    select * from {{ ref('dim_customers') }}
    where not is_internal
),

int_customer_stages as (
    select * from {{ ref('int_customer_stages') }}
),

int_service_policies as (
    select * from {{ ref('int_service_policies') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

service_kinds as (
    select * from {{ ref('service_kinds') }}
    where service_source = 'activity'
),

-- What happened after the month reported has not happened yet.
known as (
    select
        activities.*,
        identities.customer_key,
        case
            when cast(activities.happened_at as date) <= calendar.as_of_date then activities.happened_at
        end as known_happened_at,
        coalesce(
            case when cast(activities.happened_at as date) <= calendar.as_of_date then activities.happened_at end,
            activities.planned_for
        ) as counted_at
    from stg_crm__activities as activities
    cross join int_reporting_calendar as calendar
    inner join int_account_identities as identities
        on activities.account_id = identities.account_id
    where
        cast(activities.happened_at as date) <= calendar.as_of_date
        or cast(activities.planned_for as date) <= calendar.as_of_date
),

followed as (
    select
        *,
        lag(known_happened_at) over (
            partition by customer_key, activity_type, direction
            order by known_happened_at asc nulls last, activity_id asc nulls last
        ) as previous_happened_at
    from known
),

final as (
    select
        followed.activity_id,
        followed.customer_key,
        followed.employee_id as employee_key,
        followed.activity_type,
        followed.direction,
        case
            when followed.counted_at < customers.first_purchase_date then 'acquisition'
            else coalesce(stages.lifecycle_stage, 'acquisition')
        end as lifecycle_stage,
        followed.lifecycle_stage as stated_lifecycle_stage,
        followed.planned_for is not null as is_planned,
        followed.known_happened_at is not null as is_held,
        -- Held, by a person, and noticed by this customer: no greeting on a date, no desk work.
        followed.known_happened_at is not null
        and coalesce(followed.direction, 'unknown') <> 'automated'
        and coalesce(kinds.is_personal_contact, false) as is_human,
        coalesce(
            {{ minutes_between('followed.previous_happened_at', 'followed.known_happened_at') }}
            <= policies.repeat_contact_minutes, false
        ) as is_repeat,
        cast(followed.sentiment as bigint) as sentiment_level,
        followed.planned_for as planned_at,
        followed.known_happened_at as happened_at,
        {{ month_of('followed.counted_at') }} as reporting_month
    from followed
    inner join dim_customers as customers
        on followed.customer_key = customers.customer_key
    inner join int_service_policies as policies
        on {{ month_of('followed.counted_at') }} = policies.reporting_month
    left join service_kinds as kinds
        on followed.activity_type = kinds.service_kind
    left join int_customer_stages as stages
        on
            followed.customer_key = stages.customer_key
            and {{ month_of('followed.counted_at') }} = stages.reporting_month
)

select * from final
