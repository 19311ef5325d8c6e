-- One row per closed month: was the cycle complete. Its steps are that failures were written down, that the
-- talks due in the month were held or tried, and that the actions due in it were done.
{%- set trailing_year = 'order by reporting_month asc nulls last rows between 11 preceding and current row' %}
with

dim_months as (
    select * from {{ ref('dim_months') }}
    where is_closed_month
),

fct_failures as (
    select * from {{ ref('fct_failures') }}
),

int_interview_targets as (
    select * from {{ ref('int_interview_targets') }}
    where is_target
),

dim_corrective_actions as (
    select * from {{ ref('dim_corrective_actions') }}
),

logged as (
    select
        reporting_month,
        count(*) as failure_count,
        count(failure_type_key) as classified_count,
        count(severity) as graded_count
    from fct_failures
    group by reporting_month
),

talks_due as (
    select
        {{ month_of('due_on') }} as reporting_month,
        count(*) as talk_due_count,
        count(case when interview_status in ('not_asked', 'scheduled', 'no_show') then 1 end) as talk_overdue_count
    from int_interview_targets
    group by {{ month_of('due_on') }}
),

actions_due as (
    select
        {{ month_of('due_date') }} as reporting_month,
        count(*) as action_due_count,
        count(case when not coalesce(is_done_on_time, false) then 1 end) as action_late_count,
        count(case when not is_done then 1 end) as action_overdue_count
    from dim_corrective_actions
    where due_date is not null
    group by {{ month_of('due_date') }}
),

-- Of a year, since a month has too few for a median.
findings_answered as (
    select
        dim_months.reporting_month,
        count(*) as answered_finding_t12_count,
        median(cast(actions.finding_to_action_days as double)) as median_finding_to_action_days
    from dim_months
    inner join dim_corrective_actions as actions
        on
            dim_months.period_end_date > actions.done_date
            and cast({{ dbt.dateadd('month', -12, 'dim_months.period_end_date') }} as date) <= actions.done_date
    where actions.finding_to_action_days is not null
    group by dim_months.reporting_month
),

stepped as (
    select
        dim_months.reporting_month,
        {{ safe_ratio('logged.classified_count', 'logged.failure_count') }} as classified_share,
        {{ safe_ratio('logged.graded_count', 'logged.failure_count') }} as graded_share,
        {% for column in [
            'logged.failure_count', 'talks_due.talk_due_count', 'talks_due.talk_overdue_count',
            'actions_due.action_due_count', 'actions_due.action_late_count', 'actions_due.action_overdue_count',
            'findings_answered.answered_finding_t12_count',
        ] -%}
        coalesce({{ column }}, 0) as {{ column.split('.')[1] }},
        {% endfor -%}
        findings_answered.median_finding_to_action_days
    from dim_months
    {% for step in ['logged', 'talks_due', 'actions_due', 'findings_answered'] -%}
    left join {{ step }}
        on dim_months.reporting_month = {{ step }}.reporting_month
    {% endfor %}
),

judged as (
    select
        *,
        failure_count > 0 and talk_overdue_count = 0 and action_overdue_count = 0 as is_cycle_complete
    from stepped
),

trailing_years as (
    select
        *,
        sum(case when is_cycle_complete then 1 else 0 end) over ({{ trailing_year }}) as complete_cycle_count,
        count(*) over ({{ trailing_year }}) as elapsed_month_count
    from judged
),

final as (
    select
        {% for column in [
            'reporting_month', 'failure_count', 'classified_share', 'graded_share', 'talk_due_count',
            'talk_overdue_count', 'action_due_count', 'action_late_count', 'action_overdue_count',
            'answered_finding_t12_count', 'median_finding_to_action_days', 'is_cycle_complete', 'elapsed_month_count',
        ] -%}
        {{ column }},
        {% endfor -%}
        talk_overdue_count + action_overdue_count as overdue_step_count,
        cast(complete_cycle_count as bigint) as complete_cycle_count,
        {{ safe_ratio('complete_cycle_count', 'elapsed_month_count') }} as complete_cycle_share
    from trailing_years
)

select * from final
