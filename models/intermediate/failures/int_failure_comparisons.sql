-- The old rate and the new one around an action; the old one is fixed by the day it was decided. The latest
-- action of a type is looked at in every month, by the last months that are told, so that a relapse shows. What
-- an action brought (is_effect) is judged once, when its first months are all told.
{%- set columns = [
    'target_code', 'known_month', 'action_id', 'done_on', 'is_latest', 'is_effect', 'is_after_complete',
    'baseline_from_month', 'baseline_to_month', 'after_from_month', 'after_to_month', 'before_events',
    'before_exposure', 'after_events', 'after_exposure',
] %}
with

months_known as (
    select * from {{ ref('int_failure_months_known') }}
),

int_action_targets as (
    select * from {{ ref('int_action_targets') }} where target_kind = 'failure'
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
    where is_closed_month
),

done as (
    select
        actions.*,
        dim_months.reporting_month as known_month,
        policies.verdict_window_months,
        cast({{ dbt.dateadd('month', '-1 * policies.verdict_window_months', 'actions.baseline_end_month') }} as date)
            as baseline_start_month,
        row_number() over (
            partition by actions.target_code, dim_months.reporting_month
            order by actions.done_on desc nulls last, actions.action_id asc nulls last
        ) = 1 as is_latest
    from int_action_targets as actions
    inner join dim_months
        on actions.done_on < dim_months.period_end_date
    inner join int_failure_policies as policies
        on dim_months.reporting_month = policies.reporting_month
),

placed as (
    select
        done.*,
        months_known.reporting_month,
        months_known.event_count,
        months_known.exposure_count,
        months_known.reporting_month >= done.baseline_start_month
        and months_known.reporting_month < done.baseline_end_month as is_before,
        months_known.reporting_month >= done.after_start_month
        and {{ dbt.datediff('months_known.reporting_month', 'done.known_month', 'month') }}
        between months_known.lag_months and months_known.lag_months + done.verdict_window_months - 1 as is_after
    from done
    left join months_known
        on
            done.target_code = months_known.failure_code
            and done.known_month = months_known.known_month
    where done.is_latest or done.is_named
),

counted as (
    select
        target_code,
        known_month,
        action_id,
        done_on,
        is_latest,
        is_named,
        baseline_start_month,
        min(case when is_before then reporting_month end) as baseline_from_month,
        max(case when is_before then reporting_month end) as baseline_to_month,
        min(case when is_after then reporting_month end) as after_from_month,
        max(case when is_after then reporting_month end) as after_to_month,
        {% for window in ['before', 'after'] -%}
        cast(coalesce(sum(case when is_{{ window }} then event_count end), 0) as bigint) as {{ window }}_events,
        cast(coalesce(sum(case when is_{{ window }} then exposure_count end), 0) as bigint) as {{ window }}_exposure,
        {% endfor -%}
        count(case when is_after then 1 end) = max(verdict_window_months) as is_after_complete
    from placed
    group by all
),

chosen as (
    select
        *,
        is_named
        and row_number() over (
            partition by target_code, action_id
            order by
                case when is_after_complete then known_month end asc nulls last,
                known_month desc nulls last
        ) = 1 as is_effect,
        greatest(done_on, coalesce({{ dbt.last_day('after_to_month', 'month') }}, done_on)) as compared_to_date
    from counted
),

final as (
    select
        {% for column in columns -%}
        chosen.{{ column }},
        {% endfor -%}
        -- Shared with any other action of the months compared.
        count(others.action_id) > 0 as is_confounded
    from chosen
    left join done as others
        on
            chosen.target_code = others.target_code
            and chosen.known_month = others.known_month
            and chosen.action_id <> others.action_id
            and chosen.baseline_start_month <= others.done_on
            and chosen.compared_to_date >= others.done_on
    where chosen.is_latest or chosen.is_effect
    group by all
)

select * from final
