-- Whether teams keep more of their customers in quarters in which they keep their people, at once and a quarter later.
-- The quarters of one team are no strangers to each other, so the interval is rather too narrow than too wide.
with

rpt_staff_customer_link as (
    select * from {{ ref('rpt_staff_customer_link') }}
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

lags as (
    select {{ unnest_numbers('0', '1') }} as lag_quarters
),

points as (
    select
        lags.lag_quarters,
        staff.team,
        staff.staff_retention_rate as staff_rate,
        customers.customer_retention_rate as customer_rate
    from lags
    cross join rpt_staff_customer_link as staff
    inner join rpt_staff_customer_link as customers
        on
            staff.team = customers.team
            and {{ months_apart('staff.quarter_month', 'customers.quarter_month') }} = 3 * lags.lag_quarters
    where staff.staff_retention_rate is not null and customers.customer_retention_rate is not null
),

summed as (
    select
        lags.lag_quarters,
        count(points.team) as point_count,
        count(distinct points.team) as team_count,
        max(points.staff_rate) > min(points.staff_rate)
        and max(points.customer_rate) > min(points.customer_rate) as has_variation,
        {{ exact_sum('points.staff_rate') }} as staff_sum,
        {{ exact_sum('points.customer_rate') }} as customer_sum,
        {{ exact_sum('points.staff_rate * points.staff_rate') }} as staff_squares,
        {{ exact_sum('points.customer_rate * points.customer_rate') }} as customer_squares,
        {{ exact_sum('points.staff_rate * points.customer_rate') }} as products
    from lags
    left join points
        on lags.lag_quarters = points.lag_quarters
    group by lags.lag_quarters
),

correlated as (
    select
        summed.lag_quarters,
        summed.point_count,
        summed.team_count,
        case
            when summed.has_variation and summed.point_count >= policies.staff_link_minimum_points
                then (summed.point_count * summed.products - summed.staff_sum * summed.customer_sum) / sqrt(
                    (summed.point_count * summed.staff_squares - summed.staff_sum * summed.staff_sum)
                    * (summed.point_count * summed.customer_squares - summed.customer_sum * summed.customer_sum)
                )
        end as correlation
    from summed
    cross join int_reporting_calendar as calendar
    inner join int_defection_policies as policies
        on
            calendar.as_of_date >= policies.fiscal_year_start_date
            and calendar.as_of_date < policies.next_fiscal_year_start_date
),

final as (
    select
        cast(lag_quarters as bigint) as lag_quarters,
        cast(point_count as bigint) as point_count,
        cast(team_count as bigint) as team_count,
        cast(correlation as double) as correlation,
        {{ fisher_bound('correlation', 'point_count', 'low') }} as correlation_low,
        {{ fisher_bound('correlation', 'point_count', 'high') }} as correlation_high
    from correlated
)

select * from final
