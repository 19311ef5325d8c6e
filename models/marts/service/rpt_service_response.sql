-- Is there somebody whatever the hour: how many of those who turn to us are answered, answered at once, and seen on
-- site, by the hour of the week. A call that nobody took leaves no case, so none of this knows of it.
{%- set hour_of_week = "concat(cast(weekday_no as " ~ dbt.type_string() ~ "), '-', lpad(cast(hour_no as "
    ~ dbt.type_string() ~ "), 2, '0'))" %}
{%- set cuts = {
    'total': ("'all'", 'null', 'null'),
    'service_time': ('service_time', 'null', 'null'),
    'weekday': ('cast(weekday_no as ' ~ dbt.type_string() ~ ')', 'weekday_no', 'null'),
    'hour': ('cast(hour_no as ' ~ dbt.type_string() ~ ')', 'null', 'hour_no'),
    'hour_of_week': (hour_of_week, 'weekday_no', 'hour_no'),
} %}
{%- set rates = {'answer': 'is_answered', 'prompt': 'is_prompt', 'site_in_time': 'is_site_in_time'} %}
with

int_case_responses as (
    select * from {{ ref('int_case_responses') }}
),

grouped as (
    {%- for cut, (value, weekday, hour) in cuts.items() %}
    select
        '{{ cut }}' as cut,
        {{ value }} as cut_value,
        cast({{ weekday }} as bigint) as weekday_no,
        cast({{ hour }} as bigint) as hour_no,
        from_month,
        to_month,
        first_response_minutes,
        site_minutes,
        is_answered,
        is_prompt,
        is_site_in_time
    from int_case_responses
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

counted as (
    select
        cut,
        cut_value,
        weekday_no,
        hour_no,
        from_month,
        to_month,
        cast(count(*) as bigint) as case_count,
        {% for rate, flag in rates.items() -%}
        cast(count({{ flag }}) as bigint) as {{ rate }}_judged_count,
        cast(count(case when {{ flag }} then 1 end) as bigint) as {{ rate }}_count,
        {% endfor -%}
        -- Of an answer that is still to come nobody knows the time: those judged have had theirs.
        median(cast(case when is_answered then first_response_minutes end as double)) as median_answer_minutes,
        median(cast(site_minutes as double)) as median_site_minutes
    from grouped
    group by
        cut,
        cut_value,
        weekday_no,
        hour_no,
        from_month,
        to_month
),

final as (
    select
        cut,
        cut_value,
        weekday_no,
        hour_no,
        from_month,
        to_month,
        case_count,
        {% for rate in rates -%}
        {{ rate }}_judged_count,
        {{ rate }}_count,
        {{ safe_ratio(rate ~ '_count', rate ~ '_judged_count') }} as {{ rate }}_rate,
        {{ wilson_bound(rate ~ '_count', rate ~ '_judged_count', 'low') }} as {{ rate }}_low_rate,
        {{ wilson_bound(rate ~ '_count', rate ~ '_judged_count', 'high') }} as {{ rate }}_high_rate,
        {% endfor -%}
        median_answer_minutes,
        median_site_minutes
    from counted
)

select * from final
