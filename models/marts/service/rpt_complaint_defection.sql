-- What becomes of customers who complain, by how they were helped, against buyers of the same months and classes who
-- had not complained for half a year. Every complaint gets the same time to be helped before it is judged.
with

int_loss_followups as (
    select * from {{ ref('int_loss_followups') }}
),

int_complaint_followups as (
    select * from {{ ref('int_complaint_followups') }}
),

controls as (
    select
        followed.reporting_month,
        followed.customer_class,
        count(*) as buyer_count,
        count(case when followed.is_lost then 1 end) as lost_count
    from int_loss_followups as followed
    left join int_complaint_followups as touched
        on
            followed.customer_key = touched.customer_key
            and followed.reporting_month = touched.reporting_month
    where touched.customer_key is null
    group by
        followed.reporting_month,
        followed.customer_class
),

followed_complaints as (
    select * from int_complaint_followups
    where is_first and handling is not null
),

grouped as (
    select
        handling,
        reporting_month,
        customer_class,
        is_lost
    from followed_complaints

    union all

    select
        'all' as handling,
        reporting_month,
        customer_class,
        is_lost
    from followed_complaints
),

counted as (
    select
        grouped.handling,
        min(grouped.reporting_month) as from_month,
        max(grouped.reporting_month) as to_month,
        cast(count(*) as bigint) as complained_count,
        cast(count(case when grouped.is_lost then 1 end) as bigint) as lost_count,
        {{ exact_sum(safe_ratio('controls.lost_count', 'controls.buyer_count')) }} as expected_lost_count
    from grouped
    -- Without anybody to compare with a customer says nothing.
    inner join controls
        on
            grouped.reporting_month = controls.reporting_month
            and grouped.customer_class = controls.customer_class
    group by grouped.handling
),

final as (
    select
        handling,
        from_month,
        to_month,
        complained_count,
        lost_count,
        {{ safe_ratio('lost_count', 'complained_count') }} as lost_rate,
        {{ wilson_bound('lost_count', 'complained_count', 'low') }} as lost_low_rate,
        {{ wilson_bound('lost_count', 'complained_count', 'high') }} as lost_high_rate,
        expected_lost_count,
        {{ safe_ratio('expected_lost_count', 'complained_count') }} as matched_lost_rate,
        {{ safe_ratio('lost_count', 'expected_lost_count') }} as rate_ratio,
        {{ garwood_bound('lost_count', 'low') }} / nullif(expected_lost_count, 0) as rate_ratio_low,
        {{ garwood_bound('lost_count', 'high') }} / nullif(expected_lost_count, 0) as rate_ratio_high
    from counted
)

select * from final
