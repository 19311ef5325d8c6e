-- One row per invitation and question, answered or not: who said nothing is in the response rate and in no opinion.
-- Of several answers of one contact to one question in a month the latest is its vote, so nobody votes twice.
with

stg_crm__survey_answers as (
    select * from {{ ref('stg_crm__survey_answers') }}
),

stg_crm__contacts as (
    select * from {{ ref('stg_crm__contacts') }}
),

int_account_identities as (
    select * from {{ ref('int_account_identities') }}
),

int_customers_described as (
    select * from {{ ref('int_customers_described') }}
),

int_reporting_calendar as (
    select * from {{ ref('int_reporting_calendar') }}
),

known as (
    select
        answers.invite_id,
        answers.question,
        identities.customer_key,
        answers.contact_id,
        answers.activity_id,
        answers.survey_wave,
        answers.mode,
        answers.stratum,
        contacts.role as contact_role,
        contacts.is_decision_maker,
        answers.inclusion_probability,
        answers.invited_at,
        -- What was answered after the month reported is not answered yet.
        coalesce(
            answers.level is not null
            and cast(coalesce(answers.answered_at, answers.invited_at) as date) <= calendar.as_of_date, false
        ) as is_answered,
        answers.level,
        answers.answered_at
    from stg_crm__survey_answers as answers
    inner join int_reporting_calendar as calendar
        on cast(answers.invited_at as date) <= calendar.as_of_date
    left join int_account_identities as identities
        on answers.account_id = identities.account_id
    left join int_customers_described as described
        on identities.customer_key = described.customer_key
    left join stg_crm__contacts as contacts
        on answers.contact_id = contacts.contact_id
    where not coalesce(described.is_internal, false)
),

ranked as (
    select
        *,
        row_number() over (
            partition by
                customer_key, coalesce(contact_id, invite_id), question, {{ month_of('invited_at') }}, is_answered
            order by answered_at desc nulls last, invite_id desc nulls last
        ) as answer_rank
    from known
),

final as (
    select
        invite_id,
        question,
        customer_key,
        activity_id,
        survey_wave,
        mode,
        stratum,
        contact_role,
        is_decision_maker,
        is_answered,
        is_answered and answer_rank = 1 as is_vote,
        case when is_answered then cast(level as bigint) end as level,
        inclusion_probability,
        cast(1 / nullif(inclusion_probability, 0) as decimal(18, 6)) as design_weight,
        invited_at,
        case when is_answered then answered_at end as answered_at,
        {{ month_of('invited_at') }} as reporting_month
    from ranked
)

select * from final
