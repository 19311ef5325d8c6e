with

invoice_line_builds as (
    select * from {{ source('build_state', 'invoice_line_builds') }}
),

taken_builds as (
    select * from {{ source('build_state', 'customer_code_day_builds') }}
),

latest_builds as (
    select
        reporting_month,
        max(build_number) as build_number
    from invoice_line_builds
    group by reporting_month
),

restated as (
    select latest_builds.reporting_month
    from latest_builds
    left join taken_builds
        on
            latest_builds.reporting_month = taken_builds.reporting_month
            and latest_builds.build_number = taken_builds.build_number
    where taken_builds.reporting_month is null
)

select reporting_month from restated
