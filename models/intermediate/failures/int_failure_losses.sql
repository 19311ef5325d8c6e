-- Losses after a first failure of a type, and those expected of buyers of the same month and class whom it
-- had not happened to for half a year. Whom it happened to again is in neither group: it was counted.
with

int_loss_followups as (
    select * from {{ ref('int_loss_followups') }}
),

failed_months as (
    select distinct
        failure_code,
        customer_key,
        reporting_month
    from {{ ref('int_typed_failures') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

strata as (
    select
        reporting_month,
        customer_class,
        count(*) as buyer_count,
        count(case when is_lost then 1 end) as lost_count
    from int_loss_followups
    group by
        reporting_month,
        customer_class
),

touched as (
    select
        failed_months.failure_code,
        followed.customer_key,
        followed.reporting_month,
        followed.customer_class,
        followed.is_lost,
        min(failed_months.reporting_month) = followed.reporting_month as is_first
    from int_loss_followups as followed
    inner join int_failure_policies as policies
        on followed.reporting_month = policies.reporting_month
    inner join failed_months
        on
            followed.customer_key = failed_months.customer_key
            and (year(followed.reporting_month) - year(failed_months.reporting_month)) * 12
            + month(followed.reporting_month) - month(failed_months.reporting_month)
            between 0 and policies.effect_washout_months
    group by
        failed_months.failure_code,
        followed.customer_key,
        followed.reporting_month,
        followed.customer_class,
        followed.is_lost
),

grouped as (
    select
        failure_code,
        reporting_month,
        customer_class,
        count(*) as touched_count,
        count(case when is_lost then 1 end) as touched_lost_count,
        count(case when is_first then 1 end) as exposed_count,
        count(case when is_first and is_lost then 1 end) as exposed_lost_count
    from touched
    group by
        failure_code,
        reporting_month,
        customer_class
),

matched as (
    select
        grouped.*,
        strata.buyer_count - grouped.touched_count as control_count,
        {{ safe_ratio(
            'strata.lost_count - grouped.touched_lost_count', 'strata.buyer_count - grouped.touched_count'
        ) }} as control_rate
    from grouped
    inner join strata
        on
            grouped.reporting_month = strata.reporting_month
            and grouped.customer_class = strata.customer_class
),

final as (
    select
        failure_code,
        min(reporting_month) as from_month,
        max(reporting_month) as to_month,
        cast(sum(exposed_count) as bigint) as exposed_count,
        cast(sum(exposed_lost_count) as bigint) as lost_count,
        {{ exact_sum('exposed_count * control_rate') }} as expected_lost_count
    from matched
    -- Without anybody to compare with a customer says nothing.
    where control_count > 0 and exposed_count > 0
    group by failure_code
)

select * from final
