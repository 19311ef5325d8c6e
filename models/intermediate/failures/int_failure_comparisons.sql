-- The old rate and the new one around the latest action done by then. The old one is fixed by the day the
-- action was decided; of the new one the last months that are told count, so that a relapse shows.
with

months_known as (
    select * from {{ ref('int_failure_months_known') }}
),

int_failure_actions as (
    select * from {{ ref('int_failure_actions') }}
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
            partition by actions.failure_code, dim_months.reporting_month
            order by actions.done_on desc nulls last, actions.action_id asc nulls last
        ) as place
    from int_failure_actions as actions
    inner join dim_months
        on actions.done_on < dim_months.period_end_date
    inner join int_failure_policies as policies
        on dim_months.reporting_month = policies.reporting_month
),

latest as (
    select * from done
    where place = 1
),

confounded as (
    select
        latest.failure_code,
        latest.known_month,
        count(*) as action_count
    from latest
    inner join done
        on
            latest.failure_code = done.failure_code
            and latest.known_month = done.known_month
            and latest.baseline_start_month <= done.done_on
    group by
        latest.failure_code,
        latest.known_month
),

placed as (
    select
        latest.*,
        months_known.reporting_month,
        months_known.event_count,
        months_known.exposure_count,
        months_known.reporting_month >= latest.baseline_start_month
        and months_known.reporting_month < latest.baseline_end_month as is_before,
        months_known.reporting_month >= latest.after_start_month
        and (year(latest.known_month) - year(months_known.reporting_month)) * 12
        + month(latest.known_month) - month(months_known.reporting_month)
        between months_known.lag_months and months_known.lag_months + latest.verdict_window_months - 1 as is_after
    from latest
    left join months_known
        on
            latest.failure_code = months_known.failure_code
            and latest.known_month = months_known.known_month
),

final as (
    select
        placed.failure_code,
        placed.known_month,
        placed.action_id,
        placed.done_on,
        min(case when placed.is_before then placed.reporting_month end) as baseline_from_month,
        max(case when placed.is_before then placed.reporting_month end) as baseline_to_month,
        min(case when placed.is_after then placed.reporting_month end) as after_from_month,
        max(case when placed.is_after then placed.reporting_month end) as after_to_month,
        {% for window in ['before', 'after'] -%}
        cast(coalesce(sum(case when placed.is_{{ window }} then placed.event_count end), 0) as bigint)
            as {{ window }}_events,
        cast(coalesce(sum(case when placed.is_{{ window }} then placed.exposure_count end), 0) as bigint)
            as {{ window }}_exposure,
        {% endfor -%}
        max(confounded.action_count) > 1 as is_confounded
    from placed
    inner join confounded
        on
            placed.failure_code = confounded.failure_code
            and placed.known_month = confounded.known_month
    group by
        placed.failure_code,
        placed.known_month,
        placed.action_id,
        placed.done_on
)

select * from final
