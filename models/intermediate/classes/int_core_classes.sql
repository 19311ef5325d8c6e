-- A verdict counts once the next quarter confirms it, so that nobody goes up and down with one good order.
-- The first verdict on a customer counts at once.
with

int_core_answers as (
    select * from {{ ref('int_core_answers') }}
),

class_months as (
    select * from {{ ref('int_class_months') }}
),

customer_classes as (
    select * from {{ ref('customer_classes') }}
    where scheme = 'core'
),

judged as (
    select
        customer_key,
        class_month,
        edition,
        case
            when yes_count = 3 then 'best_core'
            when yes_count = 2 then 'other_core'
            when yes_count + open_count >= 2 then 'unclassified'
            when is_margin_negative_two_years and not is_largest_share_ours and not is_worth_more_to_us
                then 'expendable'
            else 'ordinary'
        end as core_verdict
    from int_core_answers
),

followed as (
    select
        judged.customer_key,
        judged.class_month,
        judged.edition,
        judged.core_verdict,
        class_months.class_month_number,
        customer_classes.class_rank,
        lag(judged.core_verdict) over (
            partition by judged.edition, judged.customer_key
            order by judged.class_month nulls last
        ) as verdict_before
    from judged
    inner join class_months
        on judged.class_month = class_months.class_month
    inner join customer_classes
        on judged.core_verdict = customer_classes.customer_class
),

-- The last verdict that was confirmed: month and class in one number, whose maximum is the latest.
confirmed as (
    select
        *,
        max(case
            when verdict_before is null or verdict_before = core_verdict then class_month_number * 100 + class_rank
        end) over (
            partition by edition, customer_key
            order by class_month nulls last
            rows between unbounded preceding and current row
        ) % 100 as confirmed_rank
    from followed
),

final as (
    select
        confirmed.customer_key,
        confirmed.class_month,
        confirmed.edition,
        confirmed.core_verdict,
        customer_classes.customer_class as core_class
    from confirmed
    inner join customer_classes
        on confirmed.confirmed_rank = customer_classes.class_rank
)

select * from final
