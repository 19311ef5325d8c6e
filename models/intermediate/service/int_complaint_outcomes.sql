-- Buyers of a month, whether they complained in it and how they were helped, and what became of them in the half year
-- after: whether they were lost, ordered again, and were satisfied when next asked. Whoever complained in the months
-- before, or cannot be judged yet, is neither a case nor anybody to compare with.
with

int_loss_followups as (
    select * from {{ ref('int_loss_followups') }}
),

int_complaint_followups as (
    select * from {{ ref('int_complaint_followups') }}
),

int_failure_policies as (
    select * from {{ ref('int_failure_policies') }}
),

dim_months as (
    select * from {{ ref('dim_months') }}
),

last_purchases as (
    select
        customer_key,
        {{ month_of('purchase_date') }} as reporting_month,
        next_purchase_date
    from {{ ref('int_purchase_gaps') }}
    where coalesce({{ month_of('next_purchase_date') }} > {{ month_of('purchase_date') }}, true)
),

watched as (
    select
        dim_months.reporting_month,
        dim_months.period_end_date,
        cast(
            {{ dbt.dateadd('day', 'policies.effect_horizon_days', 'dim_months.period_end_date') }} as date
        ) as watched_to_date
    from dim_months
    inner join int_failure_policies as policies
        on dim_months.reporting_month = policies.reporting_month
),

opinions as (
    select
        watched.reporting_month,
        answers.customer_key,
        min_by(answers.account_level, answers.answered_on) as next_level
    from watched
    inner join {{ ref('int_account_answers') }} as answers
        on
            watched.period_end_date <= answers.answered_on
            and watched.watched_to_date > answers.answered_on
    where answers.question = 'overall' and answers.account_level is not null
    group by
        watched.reporting_month,
        answers.customer_key
),

final as (
    select
        followed.customer_key,
        followed.reporting_month,
        followed.customer_class,
        case when complained.customer_key is null then 'no_complaint' else complained.handling end as handling,
        followed.is_lost,
        coalesce(last_purchases.next_purchase_date < watched.watched_to_date, false) as is_buying_again,
        opinions.next_level >= 4 as is_satisfied
    from int_loss_followups as followed
    inner join watched
        on followed.reporting_month = watched.reporting_month
    left join int_complaint_followups as complained
        on
            followed.customer_key = complained.customer_key
            and followed.reporting_month = complained.reporting_month
    left join last_purchases
        on
            followed.customer_key = last_purchases.customer_key
            and followed.reporting_month = last_purchases.reporting_month
    left join opinions
        on
            followed.customer_key = opinions.customer_key
            and followed.reporting_month = opinions.reporting_month
    where complained.customer_key is null or (complained.is_first and complained.handling is not null)
)

select * from final
