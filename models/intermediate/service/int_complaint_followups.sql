-- Months in which buyers complained or had complained within half a year, with whether they were lost afterwards and
-- how the complaint of the month was handled. Every complaint gets the same time to be helped before it is judged; of
-- several in a month the worst counts.
with

complaints as (
    select * from {{ ref('fct_cases') }}
    where case_type = 'complaint' and handling_status <> 'merged' and customer_key is not null
),

int_loss_followups as (
    select * from {{ ref('int_loss_followups') }}
),

int_service_policies as (
    select * from {{ ref('int_service_policies') }}
),

judged as (
    select
        complaints.customer_key,
        complaints.reporting_month,
        -- The worst of the month: 3 unresolved, 2 late, 1 in time.
        max(case
            when coalesce(complaints.resolution_minutes > 1440 * policies.handling_landmark_days, true) then 3
            when complaints.handling_status = 'closed_unsolved' then 3
            when complaints.is_resolution_in_time then 1
            else 2
        end) as handling_rank
    from complaints
    inner join int_service_policies as policies
        on complaints.reporting_month = policies.reporting_month
    where complaints.followed_minutes > 1440 * policies.handling_landmark_days
    group by
        complaints.customer_key,
        complaints.reporting_month
),

complained_months as (
    select distinct
        customer_key,
        reporting_month
    from complaints
),

touched as (
    select
        followed.customer_key,
        followed.reporting_month,
        followed.customer_class,
        followed.is_lost,
        min(complained_months.reporting_month) = followed.reporting_month as is_first,
        max(judged.handling_rank) as handling_rank
    from int_loss_followups as followed
    inner join int_service_policies as policies
        on followed.reporting_month = policies.reporting_month
    inner join complained_months
        on
            followed.customer_key = complained_months.customer_key
            and {{ months_apart('complained_months.reporting_month', 'followed.reporting_month') }}
            between 0 and policies.complaint_washout_months
    left join judged
        on
            followed.customer_key = judged.customer_key
            and followed.reporting_month = judged.reporting_month
    group by
        followed.customer_key,
        followed.reporting_month,
        followed.customer_class,
        followed.is_lost
),

final as (
    select
        customer_key,
        reporting_month,
        customer_class,
        is_lost,
        is_first,
        case handling_rank when 1 then 'resolved_in_time' when 2 then 'resolved_late' when 3 then 'unresolved' end
            as handling
    from touched
)

select * from final
