-- How long each step of a case took, by the wall clock and by business time, and whether that was in time. A step
-- that has not come is NULL, and so is business time in years whose holidays nobody has entered. A case is judged
-- once its deadline is over and never before, for else the quick ones of the last days would count alone.
{%- set steps = {
    'acknowledgement': 'acknowledged_at', 'first_response': 'first_response_at', 'first_resolution': 'first_ended_at',
    'resolution': 'ended_at', 'followed': 'followed_until_at',
} %}
with

int_case_moments as (
    select * from {{ ref('int_case_moments') }}
),

int_business_days as (
    select * from {{ ref('int_business_days') }}
),

case_service_levels as (
    select * from {{ ref('case_service_levels') }}
),

levels_in_force as (
    select
        moments.case_id,
        max(levels.valid_from) as valid_from
    from int_case_moments as moments
    inner join case_service_levels as levels
        on cast(moments.received_at as date) >= levels.valid_from
    group by moments.case_id
),

clocked as (
    select
        {% for step, moment in steps.items() -%}
        {{ minutes_between('moments.received_at', 'moments.' ~ moment) }} as {{ step }}_minutes,
        {{ business_minute(step ~ '_days', 'moments.' ~ moment) }}
        - {{ business_minute('received_days', 'moments.received_at') }} as {{ step }}_business_minutes,
        {% endfor -%}
        moments.case_id,
        moments.is_merged,
        levels.first_response_minutes as first_response_target_minutes,
        levels.resolution_minutes as resolution_target_minutes
    from int_case_moments as moments
    inner join levels_in_force
        on moments.case_id = levels_in_force.case_id
    left join case_service_levels as levels
        on
            levels_in_force.valid_from = levels.valid_from
            and moments.severity = levels.severity
    left join int_business_days as received_days
        on cast(moments.received_at as date) = received_days.calendar_date
    {%- for step, moment in steps.items() %}
    left join int_business_days as {{ step }}_days
        on cast(moments.{{ moment }} as date) = {{ step }}_days.calendar_date
    {%- endfor %}
),

final as (
    select
        case_id,
        acknowledgement_minutes,
        acknowledgement_business_minutes,
        {% for step in ['first_response', 'resolution'] -%}
        {{ step }}_target_minutes,
        -- What another case took over is handled there.
        case when not is_merged then {{ step }}_minutes end as {{ step }}_minutes,
        case when not is_merged then {{ step }}_business_minutes end as {{ step }}_business_minutes,
        case
            when not is_merged and followed_business_minutes > {{ step }}_target_minutes
                then coalesce({{ step }}_business_minutes <= {{ step }}_target_minutes, false)
        end as is_{{ step }}_in_time,
        {% endfor -%}
        case when not is_merged then first_resolution_minutes end as first_resolution_minutes,
        case when not is_merged then first_resolution_business_minutes end as first_resolution_business_minutes,
        followed_minutes,
        followed_business_minutes
    from clocked
)

select * from final
