-- Centre line and overdispersion of each month from the months before it alone: nothing is judged by what
-- came later, and a wave does not raise the limit it breaks.
{%- set series = ['failure_code', 'cut', 'cut_value', 'series_no'] | join(', ') %}
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
        earlier.event_count as earlier_events,
        earlier.exposure_count as earlier_exposure
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

centred as (
    select
        *,
        sum(earlier_events) over (partition by {{ series }})
        / sum(earlier_exposure) over (partition by {{ series }}) as centre
    from compared
),

scored as (
    select
        *,
        (earlier_events / earlier_exposure - centre) / nullif(sqrt(centre / earlier_exposure), 0) as z_score
    from centred
),

moved as (
    select
        *,
        abs(z_score - lag(z_score) over (partition by {{ series }} order by earlier_no asc nulls last)) as moving_range
    from scored
),

summed as (
    select
        failure_code,
        cut,
        cut_value,
        series_no,
        max(centre) as centre,
        count(*) as baseline_months,
        -- Mean moving range over d2, the mean range of two standard normal values (Laney 2002).
        {{ exact_sum('moving_range') }} / nullif(count(moving_range), 0) / 1.128 as sigma_z
    from moved
    group by all
),

final as (
    select
        series.failure_code,
        series.cut,
        series.cut_value,
        series.reporting_month,
        series.series_no,
        series.event_count / series.exposure_count as rate,
        coalesce(summed.baseline_months, 0) as baseline_months,
        case when summed.baseline_months >= policies.chart_minimum_months then summed.centre end as centre,
        -- Months that vary less than Poisson says are luck and narrow nothing.
        case
            when summed.baseline_months >= policies.chart_minimum_months then greatest(1, coalesce(summed.sigma_z, 1))
        end as sigma_z
    from series
    inner join int_failure_policies as policies
        on series.reporting_month = policies.reporting_month
    left join summed
        on
            series.failure_code = summed.failure_code
            and series.cut = summed.cut
            and series.cut_value = summed.cut_value
            and series.series_no = summed.series_no
)

select * from final
