-- What each month is judged by, as known when it ended: itself (limit) or the run of months it ends (run), and the
-- months before that. A family is judged by its own history alone: what a new type brings into a family that has
-- had failures before is told once, by the type.
{%- set keys = ['failure_code', 'known_month', 'rule'] %}
with

months_known as (
    select * from {{ ref('int_failure_months_known') }}
    where exposure_count > 0
),

int_failure_novelties as (
    select * from {{ ref('int_failure_novelties') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

-- For a year after it turned up a type is no part of what its family has always had, unless both are new.
young_types as (
    select
        types.failure_family_code,
        known.known_month,
        known.reporting_month,
        sum(known.event_count) as event_count
    from int_failure_novelties as types
    inner join months_known as known
        on
            types.failure_code = known.failure_code
            and types.known_month = known.known_month
    where types.is_young_type and types.failure_code <> types.failure_family_code
    group by all
),

own_months as (
    select
        known.failure_code,
        known.known_month,
        known.reporting_month,
        cast(
            known.event_count - case when types.is_young_type then 0 else coalesce(young_types.event_count, 0) end
            as double
        ) as event_count,
        cast(known.exposure_count as double) as exposure_count,
        row_number() over (
            partition by known.failure_code, known.known_month order by known.reporting_month desc nulls last
        ) as month_age
    from months_known as known
    inner join int_failure_novelties as types
        on
            known.failure_code = types.failure_code
            and known.known_month = types.known_month
    left join young_types
        on
            known.failure_code = young_types.failure_family_code
            and known.known_month = young_types.known_month
            and known.reporting_month = young_types.reporting_month
),

windows as (
    {% for rule, judged_months in {'limit': '1', 'run': 'policies.run_length'}.items() -%}
    select
        own_months.*,
        '{{ rule }}' as rule,
        -1 * own_months.month_age as place,
        {{ judged_months }} as judged_months,
        policies.chart_minimum_months,
        own_months.month_age <= {{ judged_months }} as is_judged
    from own_months
    inner join int_failure_policies as policies
        on own_months.known_month = policies.reporting_month
    where own_months.month_age <= {{ judged_months }} + policies.chart_baseline_months
    {% if loop.first %}
    union all

    {% endif -%}
    {% endfor %}
),

earlier_months as (
    select * from windows
    where not is_judged
),

{{ add_chart_baselines('baselines', 'earlier_months', keys, 'place') }}

final as (
    select
        windows.{{ keys | join(',\n        windows.') }},
        max(case when windows.month_age = 1 then windows.event_count end) as last_event_count,
        sum(windows.event_count) as event_count,
        sum(windows.exposure_count) as exposure_count,
        max(baselines.baseline_events) as baseline_events,
        max(baselines.baseline_exposure) as baseline_exposure,
        max(baselines.centre) as centre,
        max(baselines.sigma_z) as sigma_z,
        count(case when windows.event_count > baselines.centre * windows.exposure_count then 1 end) = count(*)
            as is_all_above
    from windows
    inner join baselines
        on
            windows.failure_code = baselines.failure_code
            and windows.known_month = baselines.known_month
            and windows.rule = baselines.rule
    where
        windows.is_judged
        and windows.chart_minimum_months <= baselines.baseline_months
    group by
        windows.{{ keys | join(',\n        windows.') }}
    having max(windows.reporting_month) = max(windows.known_month) and count(*) = max(windows.judged_months)
)

select * from final
