-- One row per failure type or family, month, cut and value of the cut. Types add up to nothing: a family
-- holds its types, and exposures of different units are different things. Rates are divided again, never
-- averaged.
with

int_failure_counts as (
    select * from {{ ref('int_failure_counts') }}
),

int_failure_charts as (
    select * from {{ ref('int_failure_charts') }}
),

int_failure_alarms as (
    select * from {{ ref('int_failure_alarms') }}
),

int_failure_maturity as (
    select * from {{ ref('int_failure_maturity') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

limited as (
    select
        counts.failure_code,
        counts.reporting_month,
        counts.cut,
        counts.cut_value,
        counts.failure_level,
        counts.exposure_unit,
        counts.event_count,
        counts.exposure_count,
        case when dim_months.is_closed_month then charts.centre end as centre,
        alarms.lower_limit,
        alarms.upper_limit,
        charts.sigma_z,
        charts.rate,
        alarms.is_above_limit,
        alarms.is_run_above,
        alarms.is_below_limit,
        alarms.is_run_below,
        alarms.run_centre,
        maturity.maturity_share,
        coalesce(maturity.is_mature, false) as is_mature,
        dim_months.is_closed_month
    from int_failure_counts as counts
    inner join dim_months
        on counts.reporting_month = dim_months.reporting_month
    left join int_failure_charts as charts
        on
            counts.failure_code = charts.failure_code
            and counts.reporting_month = charts.reporting_month
            and counts.cut = charts.cut
            and counts.cut_value = charts.cut_value
    left join int_failure_alarms as alarms
        on
            counts.failure_code = alarms.failure_code
            and counts.reporting_month = alarms.reporting_month
            and counts.cut = alarms.cut
            and counts.cut_value = alarms.cut_value
    left join int_failure_maturity as maturity
        on
            counts.failure_code = maturity.failure_code
            and counts.reporting_month = maturity.reporting_month
),

final as (
    select
        failure_code as failure_type_key,
        reporting_month,
        cut,
        cut_value,
        failure_level,
        exposure_unit,
        event_count,
        exposure_count,
        1000 * rate as rate_per_1000,
        case when is_closed_month then 1000 * {{ garwood_bound('event_count', 'low') }} / nullif(exposure_count, 0) end
            as low_per_1000,
        case when is_closed_month then 1000 * {{ garwood_bound('event_count', 'high') }} / nullif(exposure_count, 0) end
            as high_per_1000,
        1000 * centre as centre_per_1000,
        1000 * lower_limit as lower_limit_per_1000,
        1000 * upper_limit as upper_limit_per_1000,
        sigma_z,
        -- A month still being told can break the upper limit and prove nothing below the centre.
        case
            when is_above_limit then 'above_limit'
            when is_run_above then 'run_above'
            when is_below_limit and is_mature then 'below_limit'
            when is_run_below and is_mature then 'run_below'
        end as signal_rule,
        case when is_run_above or (is_run_below and is_mature) then 1000 * run_centre end as run_centre_per_1000,
        maturity_share,
        is_mature,
        is_closed_month
    from limited
)

select * from final
