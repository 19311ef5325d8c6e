-- One row per episode still to be asked about, the most worth asking first: what was lost, halved for every
-- quarter that has passed since. Every full defector is owed a talk: once it is overdue, waiting takes nothing
-- off any more, or those missed longest would never be asked.
with

int_interview_targets as (
    select * from {{ ref('int_interview_targets') }}
    where is_target and interview_status in ('not_asked', 'scheduled', 'no_show')
),

int_reporting_calendar as (
    select * from {{ ref('int_interview_calendar') }}
),

dated as (
    select
        targets.*,
        targets.detected_on as detected,
        calendar.as_of_date as asked,
        targets.due_on < calendar.as_of_date as is_overdue,
        calendar.interview_half_life_days
    from int_interview_targets as targets
    cross join int_reporting_calendar as calendar
),

scored as (
    select
        *,
        {{ dbt.datediff('detected', 'asked', 'day') }} as waiting_days
    from dated
),

weighed as (
    select
        *,
        is_overdue and defection_type = 'full' as is_owed,
        cast(lost_margin_t12 as double) * case
            when is_overdue and defection_type = 'full' then 1
            else power(0.5, cast(waiting_days as double) / interview_half_life_days)
        end as priority_score
    from scored
),

final as (
    select
        customer_key,
        episode_no,
        cast(row_number() over (
            order by
                priority_score desc nulls last,
                is_owed desc nulls last,
                customer_key asc nulls last,
                episode_no asc nulls last
        ) as bigint) as queue_place,
        defection_type,
        customer_class,
        owner_at_start,
        interview_status,
        detected_on as detected_date,
        due_on as due_date,
        cast(waiting_days as bigint) as waiting_days,
        is_overdue,
        lost_margin_t12,
        priority_score
    from weighed
)

select * from final
