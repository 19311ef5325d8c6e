-- What every account thinks: the mean of its contacts' votes, those who decide weighed more. An account is satisfied
-- from a mean of 4 and dissatisfied below 3; between, it has no opinion and counts all the same.
with

fct_survey_answers as (
    select * from {{ ref('fct_survey_answers') }}
    where customer_key is not null
),

complaints as (
    select * from {{ ref('fct_cases') }}
    where case_type = 'complaint'
),

int_service_policies as (
    select * from {{ ref('int_service_policies') }}
),

accounts as (
    select
        answers.customer_key,
        answers.reporting_month,
        answers.question,
        policies.silent_window_days,
        case when min(answers.mode) <> max(answers.mode) then 'mixed' else min(answers.mode) end as mode,
        case when min(answers.stratum) <> max(answers.stratum) then 'mixed' else min(answers.stratum) end as stratum,
        max(answers.design_weight) as design_weight,
        count(case when answers.is_vote then 1 end) as vote_count,
        cast(sum(
            case
                when answers.is_vote and answers.is_decision_maker then answers.level * policies.decision_maker_weight
                when answers.is_vote then answers.level
            end
        ) as double) / cast(sum(
            case
                when answers.is_vote and answers.is_decision_maker then policies.decision_maker_weight
                when answers.is_vote then 1
            end
        ) as double) as mean_level,
        max(cast(answers.answered_at as date)) as answered_on
    from fct_survey_answers as answers
    inner join int_service_policies as policies
        on answers.reporting_month = policies.reporting_month
    group by
        answers.customer_key,
        answers.reporting_month,
        answers.question,
        policies.silent_window_days
),

windows as (
    select
        *,
        cast({{ dbt.dateadd('day', 'silent_window_days', 'answered_on') }} as date) as silent_until_date
    from accounts
),

delivered as (
    select cast(max(followed_until_at) as date) as cases_until_date
    from {{ ref('fct_cases') }}
),

voiced as (
    select distinct
        accounts.customer_key,
        accounts.reporting_month,
        accounts.question
    from accounts
    inner join complaints
        on
            accounts.customer_key = complaints.customer_key
            and abs({{ dbt.datediff('accounts.answered_on', 'cast(complaints.received_at as date)', 'day') }})
            <= accounts.silent_window_days
),

final as (
    select
        accounts.customer_key,
        accounts.reporting_month,
        accounts.question,
        coalesce(accounts.mode, 'unknown') as mode,
        coalesce(accounts.stratum, 'unknown') as stratum,
        accounts.design_weight,
        accounts.vote_count,
        accounts.mean_level,
        -- A mixed account counts on the lower of its levels.
        cast(floor(accounts.mean_level) as bigint) as account_level,
        accounts.answered_on,
        -- Not known before the time to complain is over, nor where nobody delivers complaints.
        case
            when voiced.customer_key is not null then false
            when accounts.silent_until_date < delivered.cases_until_date then true
        end as is_silent
    from windows as accounts
    cross join delivered
    left join voiced
        on
            accounts.customer_key = voiced.customer_key
            and accounts.reporting_month = voiced.reporting_month
            and accounts.question = voiced.question
)

select * from final
