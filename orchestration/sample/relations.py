"""Contacts with accounts and what accounts say of us: activities and surveys."""

from datetime import date

import duckdb

from orchestration.sample.greetings import birthdays
from orchestration.sample.parameters import Window, add_months
from orchestration.sample.vocabulary import LIFECYCLE_STAGES, language_index

# Contacts a month by size class: the biggest 3 %, 20 %, 50 %, the rest.
CONTACTS_A_MONTH = (2.2, 0.8, 0.3, 0.12)
# (activity type, share); executive visits and forums are for the biggest.
ACTIVITY_SHARES = (
    ("call", 0.30),
    ("email", 0.19),
    ("visit", 0.15),
    ("follow_up", 0.10),
    ("meeting", 0.08),
    ("satisfaction_call", 0.04),
    ("care_greeting", 0.04),
    ("preventive_service", 0.03),
    ("site_service", 0.03),
    ("broadcast", 0.02),
    ("forum", 0.01),
    ("executive_visit", 0.01),
)
NOT_HAPPENED_SHARE = 0.06
# Accounts in which nobody but the first listed was ever spoken with.
ONE_PERSON_SHARE = 0.4
# Days before the last order in which nobody called those who leave for want of care.
CARE_GAP_DAYS = 200
SURVEY_MONTHS = (5, 11)
QUESTIONS = (
    ("overall", 0.0),
    ("product_quality", 0.2),
    ("service_quality", -0.1),
    ("logistics", -0.2),
    ("value", -0.1),
    ("expectation", 0.0),
    ("repurchase_intent", 0.2),
    ("recommend", 0.0),
    ("brand", 0.1),
)
# (stratum, biggest size share in it, probability of being asked).
STRATA = (("A", 0.10, 0.90), ("B", 0.40, 0.40), ("C", 1.01, 0.12))
RESPONSE_SHARE = 0.55
# How long before leaving the last survey of the satisfied may lie.
SATISFIED_BEFORE_DAYS = 240


def build_moods(connection: duckdb.DuckDBPyConnection) -> None:
    """Create table `moods`: what an account is, buys and thinks, and whom of it we speak with."""
    connection.execute(
        f"""
        create or replace table moods as
        select
            a.cust_no, a.account_id, a.size_u, a.start_day, a.part, a.is_strategic,
            c.end_day, c.gap_from, c.gap_to, c.cause_code,
            coalesce(c.is_satisfied_before, false) as is_satisfied_before,
            3.9 + 0.55 * normal('mood', a.cust_no, 0) as mood,
            if(uniform('one person', a.cust_no, 0) < {ONE_PERSON_SHARE}, 1, p.person_count)
                as spoken_person_count,
        from accounts as a
        inner join (
            select cust_no, count(distinct contact_id) as person_count
            from contacts group by cust_no
        ) as p on a.cust_no = p.cust_no
        left join customers as c on a.cust_no = c.cust_no
        """
    )


def month_activities(
    connection: duckdb.DuckDBPyConnection, start: date, language: str, is_new_span: bool
) -> None:
    """Create temporary table `activities_m`, or add a month to it.

    Args:
        connection: Connection with tables moods, contacts, owners, employees and calendar.
        start: First day of the month.
        language: `en` or `zh`.
        is_new_span: Whether the month begins a delivery; otherwise it is added to the table.
    """
    end = add_months(start, 1)
    into = (
        "create or replace temporary table activities_m as"
        if is_new_span
        else ("insert into activities_m")
    )
    month_no = start.year * 12 + start.month
    biggest, big, middle, small = CONTACTS_A_MONTH
    cases, total = [], 0.0
    for kind, share in ACTIVITY_SHARES:
        total += share
        cases.append(f"when chance < {total:.4f} then '{kind}'")
    stages = [words[language_index(language)] for words in LIFECYCLE_STAGES]
    connection.execute(
        f"""
        {into}
        with rated as (
            select
                *,
                case
                    when size_u < 0.03 then {biggest}
                    when size_u < 0.20 then {big}
                    when size_u < 0.50 then {middle}
                    else {small}
                end as rate,
            from moods
            where start_day < date '{end}' and (end_day is null or end_day >= date '{start}')
        ),
        due as (
            select
                rated.*, n,
                hash(cust_no, {month_no}, n) as act_hash,
                uniform('activity type', act_hash, 0) as chance,
                date '{start}' + pick('activity day', act_hash, 0,
                    date '{end}' - date '{start}')::integer as drawn_day,
            from rated, unnest(range(
                floor(rate + uniform('activities', cust_no, {month_no}))::bigint
            )) as t (n)
        ),
        drawn as (
            select due.*, calendar.business_day as day,
                case {" ".join(cases)} else 'call' end as drawn_type,
            from due
            inner join calendar on due.drawn_day = calendar.day
            where (end_day is null or calendar.business_day <= end_day)
                and (gap_from is null or calendar.business_day < gap_from
                    or calendar.business_day >= gap_to)
                and not (cause_code is not distinct from 'lack_of_care'
                    and calendar.business_day > end_day - {CARE_GAP_DAYS})
                and calendar.business_day < date '{end}'
        ),
        reviews as (
            select moods.*, 900 as n, 0.0 as rate, hash(cust_no, {month_no}, 'review') as act_hash,
                1.0 as chance, null::date as drawn_day, calendar.business_day as day,
                'archive_review' as drawn_type,
            from moods
            inner join calendar on calendar.day = date '{end}' - 9
            where is_strategic and start_day < date '{start}'
                and (end_day is null or end_day >= date '{end}')
                and uniform('reviewed', cust_no, {month_no}) < 0.8
        ),
        win_backs as (
            select
                moods.*, 950 + step as n, 0.0 as rate, hash(cust_no, {month_no}, step) as act_hash,
                1.0 as chance, null::date as drawn_day, calendar.business_day as day,
                if(step = 0, 'call', 'visit') as drawn_type,
            from moods
            inner join win_back_contacts using (cust_no)
            inner join calendar on calendar.day = win_back_contacts.contact_day
            where calendar.business_day >= date '{start}' and calendar.business_day < date '{end}'
        ),
        birthdays as ({birthdays(start)}),
        every as (
            select *, null::varchar as greeted_id from drawn
            union all by name
            select * from reviews
            union all by name
            select * from win_backs
            union all by name
            select * from birthdays
        ),
        typed as (
            select
                *,
                if(drawn_type in ('executive_visit', 'forum') and size_u > 0.1, 'call', drawn_type)
                    as activity_type,
                case
                    when drawn_type in ('broadcast', 'care_greeting') then 'automated'
                    when drawn_type in ('call', 'email') and n < 900
                        and uniform('inbound', act_hash, 0) < 0.35 then 'inbound'
                    else 'outbound'
                end as direction,
                n < 900 and drawn_type in ('visit', 'meeting', 'preventive_service', 'forum')
                    and uniform('cancelled', act_hash, 0) < {NOT_HAPPENED_SHARE} as is_cancelled,
                day + to_minutes(480 + pick('activity minute', act_hash, 0, 570)) as moment,
            from every
        )
        select
            'AC' || substr(account_id, 2) || '-{start:%y%m}-' || n as activity_id, account_id,
            case
                when activity_type = 'care_greeting' then coalesce(greeted_id, account_id || '-1')
                when direction <> 'automated' and activity_type <> 'archive_review'
                    then account_id || '-'
                        || (1 + pick('person', act_hash, 0, spoken_person_count))
            end as contact_id,
            case
                when direction = 'automated' then null
                when activity_type = 'executive_visit' then
                    (select min(employee_id) from employees where level = 'senior')
                when activity_type in ('preventive_service', 'site_service') then
                    (select max(employee_id) from employees where function = 'service')
                else owners.employee_id
            end as employee_id,
            activity_type, direction,
            if(activity_type in ('visit', 'meeting', 'executive_visit', 'forum',
                'preventive_service'), moment, null) as planned_for,
            if(is_cancelled, null, moment) as happened_at,
            case
                when day - start_day < 180 then '{stages[0]}'
                when day - start_day < 540 then '{stages[1]}'
                when end_day - day < 180 then '{stages[3]}'
                else '{stages[2]}'
            end as lifecycle_stage,
            if(is_cancelled or direction = 'automated' or uniform('told', act_hash, 0) < 0.3, null,
                greatest(1, least(5, round(
                    mood + 0.7 * normal('sentiment', act_hash, 0)
                    - if(end_day - day < 180 and not is_satisfied_before, 1.4, 0)
                )))::bigint) as sentiment,
        from typed
        left join owners on typed.cust_no = owners.cust_no
            and typed.day >= owners.owned_from and typed.day < owners.owned_to
        where direction <> 'outbound' or owners.employee_id is not null
            or activity_type in ('executive_visit', 'preventive_service', 'site_service')
        """
    )


def build_win_back_contacts(connection: duckdb.DuckDBPyConnection) -> None:
    """Create table `win_back_contacts`: every second returner was called and visited before."""
    connection.execute(
        """
        create or replace table win_back_contacts as
        select cust_no, step, gap_to - if(step = 0, 24, 12)::integer as contact_day,
        from customers, unnest(range(2)) as t (step)
        where part = 'win_back' and place % 2 = 0
        """
    )


def build_surveys(connection: duckdb.DuckDBPyConnection, window: Window) -> None:
    """Create table `survey_answers`: two waves a year, a stratified random sample of accounts.

    Args:
        connection: Connection with table moods.
        window: Months covered.
    """
    waves = ", ".join(
        f"('{month.year}-H{1 if month.month == SURVEY_MONTHS[0] else 2}', date '{month}' + 4)"
        for month in window.all_months()
        if month.month in SURVEY_MONTHS
    )
    strata = " ".join(f"when size_u < {top} then '{name}'" for name, top, _ in STRATA)
    chances = " ".join(f"when '{name}' then {chance}" for name, _, chance in STRATA)
    questions = ", ".join(f"('{name}', {offset})" for name, offset in QUESTIONS)
    connection.execute(
        f"""
        create or replace table survey_answers as
        with waves (survey_wave, invited_on) as (values {waves}),
        asked as (
            select
                moods.*, waves.survey_wave, calendar.business_day as day,
                case {strata} end as stratum,
                case stratum {chances} end as inclusion_probability,
                hash(cust_no, survey_wave) as invite_hash,
                is_satisfied_before and end_day > calendar.business_day
                    and end_day - calendar.business_day < {SATISFIED_BEFORE_DAYS} as is_planted,
            from moods
            cross join waves
            inner join calendar on waves.invited_on = calendar.day
            where moods.start_day < calendar.business_day
                and (moods.end_day is null or moods.end_day > calendar.business_day)
                and moods.part not in ('prospect', 'credit_only', 'zero_value_only')
        ),
        invited as (
            select
                *,
                uniform('mode', invite_hash, 0) < 0.3 as is_phone,
                is_planted or uniform('answers', invite_hash, 0) < {RESPONSE_SHARE} as has_answered,
            from asked
            where is_planted or uniform('asked', invite_hash, 0) < inclusion_probability
        ),
        questions (question, shift) as (values {questions})
        select
            'SV-' || survey_wave || '-' || account_id as invite_id, question, account_id,
            account_id || '-1' as contact_id, survey_wave, day + interval 9 hour as invited_at,
            if(has_answered, day + to_minutes(600 + pick('answered', invite_hash, 0, 14000)), null)
                as answered_at,
            if(has_answered and (is_planted or uniform('skips', invite_hash, shift + 1) >= 0.03),
                greatest(1, least(5, round(
                    if(is_planted, 4.6, mood) + shift * if(is_planted, 0, 1)
                    + if(is_planted, 0.3, 0.7) * normal('level', hash(invite_hash, question), 0)
                    - if(not is_planted and end_day - day < 200, 1.2, 0)
                )))::bigint, null) as level,
            if(is_phone, 'phone', 'questionnaire') as mode, stratum, inclusion_probability,
            null::varchar as activity_id, is_planted,
        from invited
        cross join questions
        """
    )


def in_span(table: str, column: str, start: date, end: date) -> str:
    """Return a query for the rows of a table whose day or time is from `start` to before `end`."""
    return f"(select * from {table} where {column} >= date '{start}' and {column} < date '{end}')"
