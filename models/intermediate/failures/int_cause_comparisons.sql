-- Customers lost for a cause before an action against it and after, as known when the last closed month
-- ended. Of the months after it only those count whose talks are over: a cause is known once somebody asked.
{%- set columns = [
    'target_code', 'known_month', 'action_id', 'done_on', 'is_after_complete', 'baseline_from_month',
    'baseline_to_month', 'after_from_month', 'after_to_month', 'before_events', 'before_exposure', 'before_episodes',
    'before_known_episodes', 'after_events', 'after_exposure', 'after_episodes', 'after_known_episodes',
] %}
with

int_action_targets as (
    select * from {{ ref('int_action_targets') }}
    where target_kind = 'cause'
),

int_cause_months as (
    select * from {{ ref('int_cause_months') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

calendar as (
    select
        max(reporting_month) as known_month,
        max(period_end_date) as known_before_date
    from {{ ref('dim_months') }}
    where is_closed_month
),

done as (
    select
        targets.*,
        calendar.known_month,
        policies.verdict_window_months,
        cast({{ dbt.dateadd('month', '-1 * policies.verdict_window_months', 'targets.baseline_end_month') }} as date)
            as baseline_start_month,
        cast({{ dbt.dateadd('month', 'policies.verdict_window_months', 'targets.after_start_month') }} as date)
            as after_end_month,
        cast({{ dbt.dateadd('day', '-1 * policies.interview_window_days', 'calendar.known_before_date') }} as date)
            as asked_before_date
    from int_action_targets as targets
    inner join calendar
        on targets.done_on < calendar.known_before_date
    inner join int_failure_policies as policies
        on calendar.known_month = policies.reporting_month
),

placed as (
    select
        done.*,
        months.reporting_month,
        months.customer_count,
        months.episode_count,
        months.known_count,
        months.event_count,
        months.reporting_month >= done.baseline_start_month
        and months.reporting_month < done.baseline_end_month as is_before,
        months.reporting_month >= done.after_start_month
        and months.reporting_month < done.after_end_month
        and cast({{ dbt.dateadd('month', 1, 'months.reporting_month') }} as date) <= done.asked_before_date as is_after
    from done
    left join int_cause_months as months
        on done.target_code = months.cause_code
),

counted as (
    select
        target_code,
        known_month,
        action_id,
        done_on,
        baseline_start_month,
        min(case when is_before then reporting_month end) as baseline_from_month,
        max(case when is_before then reporting_month end) as baseline_to_month,
        min(case when is_after then reporting_month end) as after_from_month,
        max(case when is_after then reporting_month end) as after_to_month,
        {% for window in ['before', 'after'] -%}
        {% for part, column in {
            'events': 'event_count', 'exposure': 'customer_count', 'episodes': 'episode_count',
            'known_episodes': 'known_count',
        }.items() -%}
        cast(coalesce(sum(case when is_{{ window }} then {{ column }} end), 0) as bigint) as {{ window }}_{{ part }},
        {% endfor -%}
        {% endfor -%}
        count(case when is_after then 1 end) = max(verdict_window_months) as is_after_complete
    from placed
    group by all
),

final as (
    select
        {% for column in columns -%}
        counted.{{ column }},
        {% endfor -%}
        count(others.action_id) > 0 as is_confounded
    from counted
    left join done as others
        on
            counted.target_code = others.target_code
            and counted.action_id <> others.action_id
            and counted.baseline_start_month <= others.done_on
            -- One comparison: with an alternative every action would be compared with every other.
            and greatest(
                counted.done_on, coalesce({{ dbt.last_day('counted.after_to_month', 'month') }}, counted.done_on)
            ) >= others.done_on
    group by all
)

select * from final
