-- The working week, less public holidays, plus the weekends worked for them, through every schedule of opening
-- hours. Business time between two moments is one subtraction of running totals, however long the time.
with

business_day_exceptions as (
    select * from {{ ref('business_day_exceptions') }}
),

business_hours as (
    select * from {{ ref('business_hours') }}
),

-- Whole years from the first to the last that is known, and the midnight that ends them.
span as (
    select
        cast(date_trunc('year', min(calendar_date)) as date) as first_day,
        cast({{ dbt.dateadd('year', 1, "date_trunc('year', max(calendar_date))") }} as date) as last_day
    from business_day_exceptions
),

days as (
    select
        {{ unnest_days('first_day', 'last_day') }} as calendar_date,
        last_day
    from span
),

weekdays as (
    select
        calendar_date,
        -- 1 January 1900 was a Monday. Of the last day nothing is known but its midnight.
        calendar_date < last_day
        and
        {{ dbt.datediff("cast('1900-01-01' as date)", 'calendar_date', 'day') }}
        % 7 < 5 as is_weekday
    from days
),

scheduled as (
    select
        weekdays.calendar_date,
        weekdays.is_weekday,
        max(business_hours.valid_from) as valid_from
    from weekdays
    inner join business_hours
        on weekdays.calendar_date >= business_hours.valid_from
    group by weekdays.calendar_date, weekdays.is_weekday
),

measured as (
    select
        scheduled.calendar_date,
        coalesce(exceptions.is_business_day, scheduled.is_weekday) as is_business_day,
        business_hours.opens_minute,
        business_hours.closes_minute,
        case
            when coalesce(exceptions.is_business_day, scheduled.is_weekday)
                then business_hours.closes_minute - business_hours.opens_minute
            else 0
        end as business_minutes
    from scheduled
    inner join business_hours
        on scheduled.valid_from = business_hours.valid_from
    left join business_day_exceptions as exceptions
        on scheduled.calendar_date = exceptions.calendar_date
),

final as (
    select
        calendar_date,
        is_business_day,
        opens_minute,
        closes_minute,
        cast(business_minutes as bigint) as business_minutes,
        cast(sum(business_minutes) over (
            order by calendar_date nulls last
            rows between unbounded preceding and current row
        ) - business_minutes as bigint) as business_minutes_before
    from measured
)

select * from final
