-- What customers said and what they then did: answers of a month, one voice per customer, and whether it
-- ordered again within the half year after the last of them.
with

survey_answers as (
    select * from {{ ref('stg_crm__survey_answers') }}
    where level is not null and answered_at is not null
),

accounts as (
    select * from {{ ref('int_account_identities') }}
),

int_purchase_gaps as (
    select * from {{ ref('int_purchase_gaps') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

answers as (
    select
        accounts.customer_key,
        survey_answers.question,
        {{ month_of('survey_answers.answered_at') }} as reporting_month,
        avg(cast(survey_answers.level as double)) as mean_level,
        max(cast(survey_answers.answered_at as date)) as answered_on
    from survey_answers
    inner join accounts
        on survey_answers.account_id = accounts.account_id
    where survey_answers.question in ('overall', 'repurchase_intent')
    group by accounts.customer_key, survey_answers.question, {{ month_of('survey_answers.answered_at') }}
),

watched as (
    select
        answers.*,
        cast({{ dbt.dateadd('day', var('repurchase_window_days'), 'answers.answered_on') }} as date) as watched_until
    from answers
),

final as (
    select
        watched.customer_key,
        watched.question,
        watched.reporting_month,
        case when watched.mean_level >= 4 then 'positive' when watched.mean_level < 3 then 'negative' else 'neutral' end
            as answer_group,
        watched.watched_until < calendar.data_complete_through as is_mature,
        coalesce(gaps.next_purchase_date <= watched.watched_until, false) as has_repurchased
    from watched
    cross join int_reporting_calendar as calendar
    -- Only who has bought before can buy again.
    inner join int_purchase_gaps as gaps
        on
            watched.customer_key = gaps.customer_key
            and watched.answered_on >= gaps.purchase_date
            and watched.answered_on < coalesce(gaps.next_purchase_date, cast('9999-12-31' as date))
)

select * from final
