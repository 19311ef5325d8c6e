-- The signs of a new problem, by type or family, as known when each month ended. A month beyond its limit and the
-- end of a run are told only where chance alone does not do as much: exactly, and for all that is looked at in the
-- month together, so that among the news of a month few are false (Benjamini and Hochberg 1995).
{%- set keys = ['failure_code', 'known_month', 'rule'] %}
with

int_failure_novelties as (
    select * from {{ ref('int_failure_novelties') }}
),

int_failure_known_charts as (
    select * from {{ ref('int_failure_known_charts') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

charts as (
    select
        charts.*,
        policies.signal_false_discovery_share,
        case
            when charts.rule = 'run' then power(0.5, policies.run_length)
            else 1.0 / policies.signal_months_per_false_alarm
        end as signal_level,
        charts.last_event_count >= policies.signal_minimum_events
        and case
            when charts.rule = 'run' then charts.is_all_above
            else {{ safe_ratio('charts.event_count', 'charts.exposure_count') }} > {{ u_chart_limit(
                'charts.centre', 'charts.exposure_count', 'policies.chart_sigmas', 'charts.sigma_z', 'high'
            ) }}
        end as is_beyond,
        count(*) over (partition by charts.known_month, charts.rule) as chart_count
    from int_failure_known_charts as charts
    inner join int_failure_policies as policies
        on charts.known_month = policies.reporting_month
),

-- What is within its limit has no news to be false.
beyond as (
    select * from charts
    where is_beyond
),

{{ add_change_tests('tests', 'beyond', keys) }}

placed as (
    select
        *,
        rank() over (partition by known_month, rule order by p_value asc nulls last) as place
    from tests
),

tested as (
    select
        charts.*,
        placed.p_value,
        case when placed.p_value is not null then min(placed.p_value * charts.chart_count / placed.place) over (
            partition by charts.known_month, charts.rule
            order by placed.place desc nulls first, charts.failure_code asc nulls last
            rows between unbounded preceding and current row
        ) end as uncapped_q_value
    from charts
    left join placed
        on
            charts.failure_code = placed.failure_code
            and charts.known_month = placed.known_month
            and charts.rule = placed.rule
),

-- Only what is beyond its limit was tested.
judged as (
    select
        failure_code,
        known_month,
        rule,
        p_value,
        case when uncapped_q_value is not null then least(1, uncapped_q_value) end as q_value,
        coalesce(p_value <= signal_level and uncapped_q_value <= signal_false_discovery_share, false) as is_signal
    from tested
),

signals as (
    select
        failure_code,
        known_month,
        max(case when rule = 'limit' then p_value end) as limit_p_value,
        max(case when rule = 'limit' then q_value end) as limit_q_value,
        max(case when rule = 'limit' and is_signal then 1 when rule = 'limit' then 0 end) = 1 as is_limit_signal,
        max(case when rule = 'run' then p_value end) as run_p_value,
        max(case when rule = 'run' then q_value end) as run_q_value,
        max(case when rule = 'run' and is_signal then 1 when rule = 'run' then 0 end) = 1 as is_run_signal
    from judged
    group by
        failure_code,
        known_month
),

final as (
    select
        novelties.failure_code,
        novelties.known_month,
        novelties.event_count,
        novelties.exposure_count,
        novelties.is_unseen_type,
        signals.is_limit_signal as is_above_limit,
        signals.limit_p_value,
        signals.limit_q_value,
        signals.is_run_signal as is_run_above,
        signals.run_p_value,
        signals.run_q_value
    from int_failure_novelties as novelties
    left join signals
        on
            novelties.failure_code = signals.failure_code
            and novelties.known_month = signals.known_month
)

select * from final
