-- What sales reported against what the data show. A loss counts as reported if it had been by the end of the
-- month in which the data showed it; a report that came later confirms, and hid it until then.
with

int_loss_reports as (
    select * from {{ ref('int_loss_reports') }}
),

int_churn_bases as (
    select * from {{ ref('int_churn_bases') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

live_customers as (
    select
        reporting_month,
        count(*) as start_customer_count
    from int_churn_bases
    group by reporting_month
),

reports_by_owner as (
    select
        reporting_month,
        owner_key,
        is_detected,
        is_reported,
        is_reported_late
    from int_loss_reports

    union all

    select
        reporting_month,
        'all' as owner_key,
        is_detected,
        is_reported,
        is_reported_late
    from int_loss_reports
),

counted as (
    select
        reporting_month,
        owner_key,
        count(case when is_detected and is_reported then 1 end) as both_count,
        count(case when is_detected and not is_reported then 1 end) as data_only_count,
        count(case when is_reported and not is_detected then 1 end) as report_only_count,
        count(case when is_reported_late then 1 end) as late_report_count
    from reports_by_owner
    group by
        reporting_month,
        owner_key
),

final as (
    select
        counted.reporting_month,
        counted.owner_key,
        counted.both_count,
        counted.data_only_count,
        counted.report_only_count,
        -- Who owned those that nothing happened to is not asked; the total can be.
        case
            when counted.owner_key = 'all'
                then greatest(
                    coalesce(live_customers.start_customer_count, 0)
                    - counted.both_count - counted.data_only_count - counted.report_only_count,
                    0
                )
        end as neither_count,
        counted.late_report_count,
        case
            when dim_months.is_closed_month
                then {{ safe_ratio('counted.data_only_count', '(counted.data_only_count + counted.both_count)') }}
        end as hidden_rate,
        case
            when dim_months.is_closed_month
                then {{ wilson_bound(
                    'counted.data_only_count', '(counted.data_only_count + counted.both_count)', 'low'
                ) }}
        end as hidden_low_rate,
        case
            when dim_months.is_closed_month
                then {{ wilson_bound(
                    'counted.data_only_count', '(counted.data_only_count + counted.both_count)', 'high'
                ) }}
        end as hidden_high_rate,
        dim_months.is_closed_month
    from counted
    inner join dim_months
        on counted.reporting_month = dim_months.reporting_month
    left join live_customers
        on counted.reporting_month = live_customers.reporting_month
)

select * from final
