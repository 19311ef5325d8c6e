-- Months running on one side of the centre as it stood when the run began: a centre that follows the run
-- would never be left behind.
with

int_failure_charts as (
    select * from {{ ref('int_failure_charts') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

compared as (
    select
        months.failure_code,
        months.cut,
        months.cut_value,
        months.reporting_month,
        policies.run_length,
        starts.centre,
        earlier.rate
    from int_failure_charts as months
    inner join int_failure_policies as policies
        on months.reporting_month = policies.reporting_month
    inner join int_failure_charts as starts
        on
            months.failure_code = starts.failure_code
            and months.cut = starts.cut
            and months.cut_value = starts.cut_value
            and months.series_no - policies.run_length + 1 = starts.series_no
    inner join int_failure_charts as earlier
        on
            months.failure_code = earlier.failure_code
            and months.cut = earlier.cut
            and months.cut_value = earlier.cut_value
            and starts.series_no <= earlier.series_no
            and months.series_no >= earlier.series_no
    where starts.centre is not null
),

final as (
    select
        failure_code,
        cut,
        cut_value,
        reporting_month,
        count(case when rate > centre then 1 end) = max(run_length) as is_run_above,
        count(case when rate < centre then 1 end) = max(run_length) as is_run_below
    from compared
    group by
        failure_code,
        cut,
        cut_value,
        reporting_month
)

select * from final
