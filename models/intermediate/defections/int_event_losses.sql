-- Losses after a first event of a type, and those expected of buyers of the same month and class without it. A customer
-- is followed from the month in which the event had happened and was known: what is learnt only from those who left
-- would make leavers of everybody.
with

int_loss_followups as (
    select * from {{ ref('int_loss_followups') }}
),

event_months as (
    select distinct
        event_type,
        customer_key,
        {{ month_of('greatest(happened_date, coalesce(known_date, happened_date))') }} as reporting_month
    from {{ ref('fct_account_events') }}
    where customer_key is not null
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

event_counts as (
    select
        event_type,
        count(*) as event_count
    from event_months
    group by event_type
),

{{ add_matched_losses('losses', 'event_months', 'event_type') }}

final as (
    select
        event_counts.event_type,
        event_counts.event_count,
        losses.from_month,
        losses.to_month,
        losses.lost_count,
        losses.closed_count,
        losses.expected_lost_count,
        coalesce(losses.exposed_count, 0) as exposed_count
    from event_counts
    left join losses
        on event_counts.event_type = losses.event_type
)

select * from final
