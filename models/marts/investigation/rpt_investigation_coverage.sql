-- One row per month in which losses were detected and type of defection. How many should have been asked and
-- were; refusals and customers nobody could reach stand apart, and are no answers.
with

int_interview_targets as (
    select * from {{ ref('int_interview_targets') }}
),

calendar as (
    select * from {{ ref('int_interview_calendar') }}
),

counted as (
    select
        detected_month,
        defection_type,
        max(due_on) as last_due_on,
        count(*) as eligible_count,
        count(case when is_target then 1 end) as target_count,
        {% for status in ['held', 'refused', 'unreachable', 'no_show', 'scheduled', 'not_asked'] -%}
        count(case when is_target and interview_status = '{{ status }}' then 1 end) as {{ status }}_count,
        {% endfor -%}
        count(case when is_target and held_on <= due_on then 1 end) as held_in_time_count,
        count(case when is_target and has_known_cause then 1 end) as known_cause_count
    from int_interview_targets
    group by
        detected_month,
        defection_type
),

final as (
    select
        counted.detected_month,
        counted.defection_type,
        counted.eligible_count,
        counted.target_count,
        counted.held_count,
        counted.refused_count,
        counted.unreachable_count,
        counted.no_show_count,
        counted.scheduled_count,
        counted.not_asked_count,
        counted.held_in_time_count,
        counted.known_cause_count,
        {{ safe_ratio('counted.held_count', 'counted.target_count') }} as coverage_share,
        case
            when calendar.data_complete_through > counted.last_due_on
                then {{ safe_ratio('counted.held_in_time_count', 'counted.target_count') }}
        end as coverage_in_time_share,
        {{ safe_ratio('counted.held_count', 'counted.held_count + counted.no_show_count') }} as show_share,
        {{ safe_ratio('counted.known_cause_count', 'counted.target_count') }} as known_cause_share,
        coalesce(calendar.data_complete_through > counted.last_due_on, false) as is_mature
    from counted
    cross join calendar
)

select * from final
