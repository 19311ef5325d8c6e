"""Why customers left and what was decided: reviews, causes, corrective actions."""

from datetime import date

import duckdb

from orchestration.sample.failures import WAVES
from orchestration.sample.parameters import Window
from orchestration.sample.vocabulary import ACTION_TITLES, language_index

# Of ten defectors, how many are talked to; every second one also has a report of the rep.
REVIEWED_OF_TEN = 8
DAYS_TO_SCREEN, DAYS_TO_INTERVIEW = 125, 18
REVIEW_SPREAD_DAYS = 50
# Causes that reviews led to a measure for.
MEASURED_CAUSES = ("lack_of_care", "delivery", "complaint_unresolved")


def build_reviews(connection: duckdb.DuckDBPyConnection) -> None:
    """Create tables `defection_reviews` and `review_causes`.

    Args:
        connection: Connection with tables customers, accounts, competitors and calendar.
    """
    connection.execute(
        f"""
        create or replace table defection_reviews as
        with left_us as (
            select
                c.*, a.account_id, hash(c.cust_no, 'review') as talk_hash,
                coalesce(c.end_day, c.gap_from) as left_on,
                uniform('outcome', talk_hash, 0) as chance,
                case
                    when chance < 0.76 then 'held'
                    when chance < 0.88 then 'refused'
                    when chance < 0.95 then 'unreachable'
                    else 'no_show'
                end as drawn_outcome,
            from customers as c
            inner join accounts as a on c.cust_no = a.cust_no
            where c.part in ('full_defector', 'contract_not_renewed')
        ),
        planned as (
            select
                *, 'phone_screen' as review_kind, 1 as series, drawn_outcome as planned_outcome,
                left_on + ({DAYS_TO_SCREEN} + pick('screen', cust_no, 0, {REVIEW_SPREAD_DAYS}))
                    ::integer as due,
            from left_us
            where place % 10 < {REVIEWED_OF_TEN}
            union all
            select *, 'interview', 2, 'held',
                left_on + ({DAYS_TO_SCREEN} + {DAYS_TO_INTERVIEW}
                    + pick('screen', cust_no, 0, {REVIEW_SPREAD_DAYS}))::integer,
            from left_us
            where place % 10 < {REVIEWED_OF_TEN} and drawn_outcome = 'held'
            union all
            select *, 'rep_report', 3, 'held', left_on + 75
            from left_us
            where place % 2 = 0
        ),
        owned as (
            select planned.*, calendar.business_day as day, owners.employee_id as owner_id,
            from planned
            inner join calendar on planned.due = calendar.day
            left join owners on planned.cust_no = owners.cust_no
                and calendar.business_day >= owners.owned_from
                and calendar.business_day < owners.owned_to
        )
        select
            'RV' || substr(account_id, 2) || '-' || series as review_id, account_id, cust_no,
            series, review_kind, day as scheduled_for,
            if(planned_outcome = 'held', day, null) as held_on, planned_outcome as outcome,
            case
                when review_kind = 'interview' then
                    (select min(employee_id) from employees where level in ('senior', 'manager'))
                else owner_id
            end as interviewer_id,
            review_kind = 'phone_screen' and uniform('external', talk_hash, 0) < 0.05
                as is_external,
            if(planned_outcome = 'held',
                if(review_kind = 'rep_report', 'unknown', owned.exit_class), null) as exit_class,
            if(planned_outcome = 'held' and review_kind = 'interview'
                and owned.exit_class = 'to_competitor', competitors.competitor_id, null)
                as destination_competitor_id,
            if(planned_outcome = 'held' and review_kind <> 'rep_report',
                uniform('return', talk_hash, 0) < 0.35, null) as would_return,
            if(planned_outcome = 'held' and review_kind = 'phone_screen',
                datediff('month', owned.opened_on, left_on) + pick('tenure', talk_hash, 0, 5), null)
                as declared_tenure_months,
            if(planned_outcome = 'held' and review_kind = 'phone_screen',
                list_value('30-39', '40-49', '50-59')[1 + pick('age', talk_hash, 0, 3)], null)
                as age_band,
            if(planned_outcome = 'held' and review_kind = 'phone_screen',
                list_value('low', 'middle', 'high')[1 + pick('income', talk_hash, 0, 3)], null)
                as income_band,
            if(planned_outcome = 'held' and review_kind = 'phone_screen',
                list_value('school', 'college', 'university')[
                    1 + pick('education', talk_hash, 0, 3)], null) as education_band,
            owned.cause_code,
        from owned
        left join competitors on owned.competitor_no = competitors.competitor_no;

        create or replace table review_causes as
        with told as (
            select
                *, uniform('second cause', hash(cust_no), 0) < 0.5 as has_second,
                if(cause_code = 'lack_of_care', 'communication_gap', 'lack_of_care')
                    as second_cause,
            from defection_reviews
            where review_kind in ('interview', 'rep_report') and outcome = 'held'
        )
        select
            review_id, held_on,
            -- Those who owned the account tend to blame the price.
            if(review_kind = 'rep_report', 'competitor_price', cause_code) as cause_code,
            if(review_kind = 'interview' and has_second, 0.70, 1.00)::decimal(3, 2) as weight,
            1 as rank,
            if(review_kind = 'rep_report', 1, 3 + pick('why', hash(cust_no), 0, 3)) as why_level,
        from told
        union all
        select review_id, held_on, second_cause, 0.30, 2, 2
        from told
        where review_kind = 'interview' and has_second
        """
    )


def build_actions(connection: duckdb.DuckDBPyConnection, window: Window, language: str) -> None:
    """Create table `corrective_actions`: one per planted wave that has one, and some from reviews.

    Args:
        connection: Connection with the tables of `build_reviews`.
        window: Months covered.
        language: `en` or `zh`.
    """
    word = language_index(language)
    rows = ", ".join(
        f"('CA-W{n + 1}', '{ACTION_TITLES[wave.action][word]}', '{wave.code}',"
        f" date '{window.day_at(wave.decided)}', date '{window.month_at(wave.done)}')"
        for n, wave in enumerate(WAVES)
    )
    causes = ", ".join(f"'{cause}'" for cause in MEASURED_CAUSES)
    connection.execute(
        f"""
        create or replace table corrective_actions as
        with planted (action_id, title, failure_code, decided_on, done_on) as (values {rows}),
        agreed as (
            select
                cause_code, min(held_on) + 30 as decided_on,
                min_by(review_id, (held_on, review_id)) as review_id,
            from review_causes
            where cause_code in ({causes}) and weight > 0.5 and review_id like '%-2'
            group by cause_code
        )
        select
            planted.action_id, planted.title,
            (select min(employee_id) from employees where function = 'logistics')
                as owner_employee_id,
            planted.failure_code, null as cause_code, decided.business_day as decided_on,
            planted.done_on + 10 as due_on, planted.done_on, null as review_id,
        from planted
        inner join calendar as decided on planted.decided_on = decided.day
        union all
        select
            'CA-R-' || agreed.cause_code, '{ACTION_TITLES["from_review"][word]}',
            (select min(employee_id) from employees where level = 'manager'), null,
            agreed.cause_code, decided.business_day, decided.business_day + 90,
            if(agreed.cause_code = 'delivery', null, decided.business_day + 80), agreed.review_id,
        from agreed
        inner join calendar as decided on agreed.decided_on = decided.day
        """
    )


def actions_export(start: date, end: date) -> str:
    """Return a query for the actions decided or done in a span, as known at its end."""
    return f"""(
        select * replace (if(done_on < date '{end}', done_on, null) as done_on)
        from corrective_actions
        where (decided_on >= date '{start}' and decided_on < date '{end}')
            or (done_on >= date '{start}' and done_on < date '{end}')
    )"""
