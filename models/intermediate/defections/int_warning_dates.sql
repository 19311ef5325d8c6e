-- The last closed month, its last day and the policy in force: what early warnings are judged on.
with

int_month_ends as (
    select * from {{ ref('int_month_ends') }}
),

int_defection_policies as (
    select * from {{ ref('int_defection_policies') }}
),

last_closed as (
    select max(reporting_month) as reporting_month
    from int_month_ends
    where is_closed_month
),

final as (
    select
        int_month_ends.reporting_month,
        int_month_ends.period_end_date,
        int_month_ends.evaluation_date as warned_on,
        policies.alert_care_gap_days,
        policies.alert_notice_days,
        policies.alert_event_days,
        policies.alert_overdue_days,
        policies.alert_spend_ratio
    from last_closed
    inner join int_month_ends
        on last_closed.reporting_month = int_month_ends.reporting_month
    inner join int_defection_policies as policies
        on int_month_ends.fiscal_year = policies.fiscal_year
)

select * from final
