-- Centre line and overdispersion of each month from the months before it alone: nothing is judged by what
-- came later, and a wave does not raise the limit it breaks.
with

int_failure_counts as (
    select * from {{ ref('int_failure_counts') }}
    where exposure_count > 0
),

dim_months as (
    select * from {{ ref('dim_months') }}
    where is_closed_month
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

series as (
    select
        counts.failure_code,
        counts.cut,
        counts.cut_value,
        counts.reporting_month,
        cast(counts.event_count as double) as event_count,
        cast(counts.exposure_count as double) as exposure_count,
        row_number() over (
            partition by counts.failure_code, counts.cut, counts.cut_value
            order by counts.reporting_month asc nulls last
        ) as series_no
    from int_failure_counts as counts
    inner join dim_months
        on counts.reporting_month = dim_months.reporting_month
),

compared as (
    select
        months.failure_code,
        months.cut,
        months.cut_value,
        months.series_no,
        earlier.series_no as earlier_no,
        earlier.event_count,
        earlier.exposure_count
    from series as months
    inner join int_failure_policies as policies
        on months.reporting_month = policies.reporting_month
    inner join series as earlier
        on
            months.failure_code = earlier.failure_code
            and months.cut = earlier.cut
            and months.cut_value = earlier.cut_value
            and months.series_no > earlier.series_no
            and months.series_no - policies.chart_baseline_months <= earlier.series_no
),

{{ add_chart_baselines('baselines', 'compared', ['failure_code', 'cut', 'cut_value', 'series_no'], 'earlier_no') }}

final as (
    select
        series.failure_code,
        series.cut,
        series.cut_value,
        series.reporting_month,
        series.series_no,
        series.event_count,
        series.exposure_count,
        series.event_count / series.exposure_count as rate,
        {% for column in ['baseline_events', 'baseline_exposure', 'centre', 'sigma_z'] -%}
        case when baselines.baseline_months >= policies.chart_minimum_months then baselines.{{ column }} end
            as {{ column }},
        {% endfor -%}
        coalesce(baselines.baseline_months, 0) as baseline_months
    from series
    inner join int_failure_policies as policies
        on series.reporting_month = policies.reporting_month
    left join baselines
        on
            series.failure_code = baselines.failure_code
            and series.cut = baselines.cut
            and series.cut_value = baselines.cut_value
            and series.series_no = baselines.series_no
)

select * from final
