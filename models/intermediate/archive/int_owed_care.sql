-- Care owed to customers in a month, and whether it was given: contacts planned, orders to be asked after, and people
-- to be greeted on their birthday. Before the CRM recorded contacts nobody knows.
with

fct_touchpoints as (
    select * from {{ ref('fct_touchpoints') }}
),

starts as (
    select min(reporting_month) as first_month from fct_touchpoints
),

planned as (
    select
        customer_key,
        reporting_month,
        activity_type as care_kind,
        true as is_due,
        is_held as is_done
    from fct_touchpoints
    where is_planned
),

order_days as (
    select
        days.customer_key,
        days.reporting_month,
        days.document_date,
        cast({{ dbt.dateadd('day', 'policies.order_follow_up_days', 'days.document_date') }} as date) as due_date
    from {{ ref('int_customer_days') }} as days
    inner join starts
        on days.reporting_month >= starts.first_month
    inner join {{ ref('int_service_policies') }} as policies
        on days.reporting_month = policies.reporting_month
    where days.is_purchase_day
),

orders as (
    select
        days.customer_key,
        days.reporting_month,
        'order_follow_up' as care_kind,
        true as is_due,
        max(case when follow_ups.customer_key is not null then 1 else 0 end) = 1 as is_done
    from order_days as days
    left join fct_touchpoints as follow_ups
        on
            days.customer_key = follow_ups.customer_key
            and days.document_date <= cast(follow_ups.happened_at as date)
            and days.due_date >= cast(follow_ups.happened_at as date)
            and follow_ups.is_human
            and follow_ups.activity_type in ('follow_up', 'satisfaction_call')
    group by days.customer_key, days.reporting_month, days.document_date
),

greetings as (
    select distinct
        activities.contact_id,
        touchpoints.reporting_month
    from fct_touchpoints as touchpoints
    inner join {{ ref('stg_crm__activities') }} as activities
        on touchpoints.activity_id = activities.activity_id
    where touchpoints.is_held and touchpoints.activity_type = 'care_greeting' and activities.contact_id is not null
),

-- Greetings that name nobody cannot be told from those that were left out.
named as (
    select count(*) > 0 as are_named from greetings
),

birthdays as (
    select
        stages.customer_key,
        stages.reporting_month,
        'birthday_greeting' as care_kind,
        coalesce(people.consent, false) as is_due,
        case when named.are_named then greetings.contact_id is not null end as is_done
    from {{ ref('int_customer_stages') }} as stages
    cross join named
    inner join starts
        on stages.reporting_month >= starts.first_month
    inner join {{ ref('int_customer_people') }} as people
        on
            stages.customer_key = people.customer_key
            and month(stages.reporting_month) = people.greeting_month_of_year
            and {{ dbt.dateadd('month', 1, 'stages.reporting_month') }} >= people.known_on_date
            and coalesce({{ dbt.dateadd('month', 1, 'stages.reporting_month') }} < people.replaced_on_date, true)
    left join greetings
        on
            people.contact_id = greetings.contact_id
            and stages.reporting_month = greetings.reporting_month
    where stages.lifecycle_stage <> 'lost'
),

owed as (
    select * from planned
    union all
    select * from orders
    union all
    select * from birthdays
),

final as (
    select
        customer_key,
        reporting_month,
        care_kind,
        cast(count(case when is_due then 1 end) as bigint) as due_count,
        cast(count(case when is_due then is_done end) as bigint) as known_count,
        cast(count(case when is_due and is_done then 1 end) as bigint) as done_count,
        cast(count(case when not is_due and is_done then 1 end) as bigint) as unasked_count
    from owed
    group by customer_key, reporting_month, care_kind
)

select * from final
