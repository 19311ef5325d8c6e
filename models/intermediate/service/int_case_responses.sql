-- When customers turned to us in the last twelve closed months, and how soon somebody answered and was on site. By the
-- wall clock: no machine stands still in business hours alone. The CRM links no visit to a case, so the first service
-- on site after it counts. What the company found itself waits for nobody's answer.
with

dim_months as (
    select * from {{ ref('dim_months') }}
    where is_closed_month
),

last_months as (
    select max(reporting_month) as to_month
    from dim_months
),

year_months as (
    select
        dim_months.reporting_month,
        min(dim_months.reporting_month) over () as from_month,
        last_months.to_month
    from dim_months
    cross join last_months
    where {{ months_apart('dim_months.reporting_month', 'last_months.to_month') }} between 0 and 11
),

cases as (
    select
        cases.*,
        cast(cases.received_at as date) as received_date,
        year_months.from_month,
        year_months.to_month
    from {{ ref('fct_cases') }} as cases
    inner join year_months
        on cases.reporting_month = year_months.reporting_month
    where cases.handling_status <> 'merged' and coalesce(cases.detected_by, 'customer') = 'customer'
),

visits as (
    select
        customer_key,
        happened_at
    from {{ ref('fct_touchpoints') }}
    where activity_type = 'site_service' and is_held and not is_repeat
),

int_service_policies as (
    select * from {{ ref('int_service_policies') }}
),

arrivals as (
    select
        cases.case_id,
        min(visits.happened_at) as arrived_at
    from cases
    inner join int_service_policies as policies
        on cases.reporting_month = policies.reporting_month
    inner join visits
        on
            cases.customer_key = visits.customer_key
            and {{ minutes_between('cases.received_at', 'visits.happened_at') }}
            between 0 and 1440 * policies.site_visit_days
    where cases.case_type in ('complaint', 'failure')
    group by cases.case_id
),

timed as (
    select
        cases.case_id,
        cases.from_month,
        cases.to_month,
        cases.followed_minutes,
        cases.first_response_minutes,
        policies.prompt_answer_minutes,
        policies.site_arrival_minutes,
        1440 * policies.handling_landmark_days as landmark_minutes,
        {{ minutes_between('cases.received_at', 'arrivals.arrived_at') }} as site_minutes,
        -- 1 January 1900 was a Monday.
        {{ dbt.datediff("cast('1900-01-01' as date)", 'cases.received_date', 'day') }}
        % 7 + 1 as weekday_no,
        hour(cases.received_at) as hour_no,
        case
            when days.calendar_date is null then 'unknown'
            when
                days.is_business_day
                and {{ minute_of_day('cases.received_at') }} >= days.opens_minute
                and {{ minute_of_day('cases.received_at') }} < days.closes_minute
                then 'open'
            else 'closed'
        end as service_time
    from cases
    inner join int_service_policies as policies
        on cases.reporting_month = policies.reporting_month
    left join arrivals
        on cases.case_id = arrivals.case_id
    left join {{ ref('int_business_days') }} as days
        on cases.received_date = days.calendar_date
),

final as (
    select
        case_id,
        from_month,
        to_month,
        service_time,
        cast(weekday_no as bigint) as weekday_no,
        cast(hour_no as bigint) as hour_no,
        first_response_minutes,
        site_minutes,
        case
            when followed_minutes > landmark_minutes then coalesce(first_response_minutes <= landmark_minutes, false)
        end as is_answered,
        case
            when followed_minutes > prompt_answer_minutes
                then coalesce(first_response_minutes <= prompt_answer_minutes, false)
        end as is_prompt,
        site_minutes <= site_arrival_minutes as is_site_in_time
    from timed
)

select * from final
