-- Which months are unusual for what came before them: beyond a limit, or at the end of a run on one side of the
-- centre as it stood when the run began, for a centre that follows the run would never be left behind. Either is a
-- sign of something only if chance alone does not make as much of it as often as the rule promises.
{%- set series = ['failure_code', 'cut', 'cut_value', 'reporting_month'] %}
with

int_failure_charts as (
    select * from {{ ref('int_failure_charts') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

limited as (
    select
        charts.*,
        policies.signal_months_per_false_alarm,
        policies.signal_minimum_events,
        policies.run_length,
        {{ u_chart_limit('charts.centre', 'charts.exposure_count', 'policies.chart_sigmas', 'charts.sigma_z', 'low') }}
            as lower_limit,
        {{ u_chart_limit('charts.centre', 'charts.exposure_count', 'policies.chart_sigmas', 'charts.sigma_z', 'high') }}
            as upper_limit
    from int_failure_charts as charts
    inner join int_failure_policies as policies
        on charts.reporting_month = policies.reporting_month
    where charts.centre is not null
),

runs as (
    select
        months.{{ series | join(',\n        months.') }},
        max(months.run_length) as run_length,
        sum(earlier.event_count) as event_count,
        sum(earlier.exposure_count) as exposure_count,
        max(starts.baseline_events) as baseline_events,
        max(starts.baseline_exposure) as baseline_exposure,
        max(starts.sigma_z) as sigma_z,
        max(starts.centre) as centre,
        count(case when earlier.rate > starts.centre then 1 end) as above_count,
        count(case when earlier.rate < starts.centre then 1 end) as below_count
    from limited as months
    inner join limited as starts
        on
            months.failure_code = starts.failure_code
            and months.cut = starts.cut
            and months.cut_value = starts.cut_value
            and months.series_no - months.run_length + 1 = starts.series_no
    inner join limited as earlier
        on
            months.failure_code = earlier.failure_code
            and months.cut = earlier.cut
            and months.cut_value = earlier.cut_value
            and starts.series_no <= earlier.series_no
            and months.series_no >= earlier.series_no
    group by all
),

{% set counts = ['event_count', 'exposure_count', 'baseline_events', 'baseline_exposure', 'sigma_z'] -%}
candidates as (
    {% for rule, relation, condition in [
        ('limit', 'limited', 'rate > upper_limit or rate < lower_limit'),
        ('run', 'runs', 'run_length in (above_count, below_count)'),
    ] -%}
    select
        {{ (series + counts) | join(',\n        ') }},
        '{{ rule }}' as rule
    from {{ relation }}
    where {{ condition }}
    {% if not loop.last %}
    union all

    {% endif -%}
    {% endfor %}
),

{{ add_change_tests('tests', 'candidates', series + ['rule']) }}

final as (
    select
        limited.{{ series | join(',\n        limited.') }},
        limited.lower_limit,
        limited.upper_limit,
        runs.centre as run_centre,
        coalesce(
            limited.rate > limited.upper_limit
            and limit_tests.p_value <= 1.0 / limited.signal_months_per_false_alarm
            and limited.event_count >= limited.signal_minimum_events,
            false
        ) as is_above_limit,
        coalesce(
            limited.rate < limited.lower_limit
            and limit_tests.p_value <= 1.0 / limited.signal_months_per_false_alarm,
            false
        ) as is_below_limit,
        coalesce(
            runs.above_count = runs.run_length
            and run_tests.p_value <= power(0.5, limited.run_length)
            and limited.event_count >= limited.signal_minimum_events,
            false
        ) as is_run_above,
        coalesce(
            runs.below_count = runs.run_length
            and run_tests.p_value <= power(0.5, limited.run_length),
            false
        ) as is_run_below
    from limited
    {% for relation, rule in {'runs': none, 'limit_tests': 'limit', 'run_tests': 'run'}.items() -%}
    left join {{ 'tests as ' if rule }}{{ relation }}
        on
            {% for key in series -%}
            {{ 'and ' if not loop.first }}limited.{{ key }} = {{ relation }}.{{ key }}
            {% endfor -%}
            {{ "and " ~ relation ~ ".rule = '" ~ rule ~ "'" if rule }}
    {% endfor %}
)

select * from final
