with

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

final as (
    select
        calendar.as_of_month,
        calendar.as_of_date,
        calendar.data_complete_through,
        policies.interview_half_life_days,
        policies.interim_review_from_share,
        policies.interim_review_to_share
    from int_reporting_calendar as calendar
    inner join int_failure_policies as policies
        on calendar.as_of_month = policies.reporting_month
)

select * from final
