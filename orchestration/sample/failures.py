"""What goes wrong: failures on documents, the waves planted in them, and other cases.

Every failure is drawn per document, so that frequencies relate to exposure as they do in life.
"""

from datetime import date
from typing import NamedTuple

import duckdb

from orchestration.sample.parameters import Window
from orchestration.sample.vocabulary import CHANNELS, language_index


class FailureType(NamedTuple):
    """One failure code.

    Attributes:
        code: Code of the taxonomy in the seeds.
        per_thousand: Failures per thousand documents it can happen to.
        needs_delivery: Whether it happens only to documents that are delivered.
    """

    code: str
    per_thousand: float
    needs_delivery: bool


class Wave(NamedTuple):
    """One planted wave.

    Attributes:
        code: Failure code.
        start, end: Fractions of the window between which the rate is raised.
        times: Factor on the base rate inside the wave.
        times_after: Factor on the base rate after it.
        action: Key of the corrective action's title, or empty.
        decided, done: Fractions of the window at which the action was decided and done.
        outcome: What the warehouse should find.
    """

    code: str
    start: float
    end: float
    times: float
    times_after: float
    action: str
    decided: float
    done: float
    outcome: str


FAILURE_TYPES = (
    FailureType("delivery_late", 10.0, True),
    FailureType("delivery_short", 6.0, True),
    FailureType("delivery_damaged", 5.0, True),
    FailureType("wrong_item", 4.0, True),
    FailureType("documentation_missing", 3.0, True),
    FailureType("product_defect", 4.0, False),
    FailureType("billing_error", 4.0, False),
    FailureType("service_no_response", 2.5, False),
    FailureType("service_wrong_repair", 1.5, False),
    FailureType("packaging_leak", 9.0, True),
)
NEW_TYPE = "packaging_leak"
NEW_TYPE_FROM = 0.86
WAVES = (
    Wave("delivery_late", 0.28, 0.47, 6.0, 0.5, "wave_fixed", 0.42, 0.47, "solved"),
    Wave("billing_error", 0.36, 1.01, 4.0, 4.0, "wave_not_fixed", 0.50, 0.56, "not_solved"),
)
UNRESOLVED_SHARE = 0.04
REOPENED_SHARE = 0.08
MERGED_SHARE = 0.02
OTHER_CASES_A_MONTH = 0.035

_CASE_COLUMNS = """
    case_id varchar, account_id varchar, case_type varchar, failure_code varchar, severity bigint,
    channel varchar, product_code varchar, document_no varchar, occurred_at timestamp,
    received_at timestamp, acknowledged_at timestamp, first_response_at timestamp,
    resolved_at timestamp, closed_at timestamp, reopened_count bigint,
    merged_into_case_id varchar, detected_by varchar, compensation_amount decimal(18, 2),
    is_adopted boolean, plant varchar
"""


def create_cases(connection: duckdb.DuckDBPyConnection, window: Window) -> None:
    """Create tables `cases` and `failure_rates`, and plant the complaints nobody resolved.

    Args:
        connection: Connection with tables customers and accounts.
        window: Months covered.
    """
    connection.execute(f"create or replace table cases ({_CASE_COLUMNS})")
    rates = ", ".join(
        f"('{code}', {needs_delivery}, date '{month}', {rate!r}::double)"
        for code, needs_delivery, month, rate in _rates(window)
    )
    connection.execute(
        f"""
        create or replace table failure_rates as
        select * from (values {rates}) as t (failure_code, needs_delivery, month_start, rate)
        """
    )
    _plant_unresolved(connection)


def rate_factor(code: str, place: float) -> float:
    """Return the factor on a code's base rate at a place (0 to 1) of the window."""
    if code == NEW_TYPE:
        return 1.0 if place >= NEW_TYPE_FROM else 0.0
    for wave in WAVES:
        if wave.code == code and place >= wave.start:
            return wave.times if place < wave.end else wave.times_after
    return 1.0


def _rates(window: Window) -> list[tuple[str, bool, date, float]]:
    return [
        (
            kind.code,
            kind.needs_delivery,
            month,
            kind.per_thousand / 1_000 * rate_factor(kind.code, _place(window, index)),
        )
        for kind in FAILURE_TYPES
        for index, month in enumerate(window.all_months())
    ]


def _place(window: Window, index: int) -> float:
    # The month in which a fraction falls belongs to what begins there.
    return (index + 1) / window.months - 1e-9


def _plant_unresolved(connection: duckdb.DuckDBPyConnection) -> None:
    """Plant a complaint that stays open before each defection for that cause."""
    connection.execute(
        """
        insert into cases
        select
            'CS-U' || lpad((c.cust_no + 1)::varchar, 6, '0'), a.account_id, 'complaint',
            list_value('product_defect', 'billing_error', 'service_no_response')[
                1 + pick('open code', c.cust_no, 0, 3)],
            1, null, null, null, opened.business_day + interval 9 hour,
            opened.business_day + interval 10 hour, opened.business_day + interval 3 day, null,
            null, null, 0, null, 'customer', null, null, 'unresolved_before_defection',
        from customers as c
        inner join accounts as a on c.cust_no = a.cust_no
        inner join calendar as opened
            on opened.day = c.end_day - (35 + pick('open days', c.cust_no, 0, 60))::integer
        where c.cause_code = 'complaint_unresolved' and c.part = 'full_defector'
        """
    )


def month_cases(connection: duckdb.DuckDBPyConnection, start: date, language: str) -> None:
    """Add the cases of a month: failures on its documents, and requests, ideas and questions.

    Args:
        connection: Connection with temporary tables invoices_m and lines_m.
        start: First day of the month.
        language: `en` or `zh`.
    """
    word = language_index(language)
    channels = ", ".join(f"'{words[word]}'" for words in CHANNELS)
    connection.execute(
        f"""
        insert into cases
        with failed as (
            select
                a.account_id, f.failure_code, i.document_no, i.cust_no, i.k, i.day,
                hash(i.document_no, f.failure_code) as case_hash,
            from invoices_m as i
            inner join failure_rates as f on f.month_start = date '{start}'
            inner join accounts as a on i.cust_no = a.cust_no
            -- Only what really came late is reported as late.
            where uniform('failure:' || f.failure_code, i.cust_no, i.k)
                    < f.rate * case
                        when f.failure_code <> 'delivery_late' then 1
                        when i.is_late then 1 / i.late_share
                        else 0
                    end
                and (i.is_delivered or not f.needs_delivery) and i.kind = 'regular'
        ),
        others as (
            select
                account_id, null as failure_code, null as document_no, cust_no,
                epoch(date '{start}')::bigint as k,
                date '{start}'
                    + pick('case day', cust_no, epoch(date '{start}')::bigint, 27)::integer as day,
                hash(account_id, date '{start}') as case_hash,
            from accounts
            where uniform('other case', cust_no, epoch(date '{start}')::bigint)
                    < {OTHER_CASES_A_MONTH}
                and start_day <= date '{start}' and part not in ('prospect', 'full_defector')
        ),
        opened as (
            select
                *,
                case
                    when failure_code is null then
                        list_value('request', 'enquiry', 'enquiry', 'suggestion')[
                            1 + pick('case type', case_hash, 0, 4)]
                    when uniform('detected', case_hash, 0) < 0.25 then 'failure'
                    else 'complaint'
                end as case_type,
                day + to_minutes(480 + pick('minute', case_hash, 0, 540)) as occurred_at,
            from (select * from failed union all select * from others)
        ),
        timed as (
            select
                *,
                occurred_at + to_minutes(
                    15 + if(failure_code is null, 0, pick('reported', case_hash, 0, 4300))
                ) as received_at,
                failure_code is not null
                    and uniform('unresolved', case_hash, 0) < {UNRESOLVED_SHARE} as stays_open,
            from opened
        ),
        handled as (
            select
                *,
                received_at + to_minutes(20 + pick('acknowledged', case_hash, 0, 900))
                    as acknowledged_at,
                acknowledged_at + to_minutes(30 + pick('responded', case_hash, 0, 2600))
                    as first_response_at,
                if(stays_open, null, first_response_at + to_minutes(
                    round(1440 * exp(0.8 + 0.9 * normal('resolved', case_hash, 0)))::bigint
                )) as resolved_at,
                row_number() over (order by received_at, account_id, failure_code nulls first)
                    as n,
            from timed
        )
        select
            'CS{start:%y%m}-' || lpad(n::varchar, 5, '0'), account_id, case_type, failure_code,
            if(failure_code is null, null,
                1 + floor(pow(uniform('severity', case_hash, 0), 0.6) * 4)::bigint),
            list_value({channels})[1 + pick('channel', case_hash, 0, {len(CHANNELS)})],
            (select min(product_code) from lines_m
                where lines_m.document_no = handled.document_no and line_no = 1),
            document_no, if(failure_code is null, null, occurred_at), received_at,
            acknowledged_at, first_response_at, resolved_at,
            resolved_at + to_minutes(60 + pick('closed', case_hash, 0, 4000)),
            (not stays_open and uniform('reopened', case_hash, 0) < {REOPENED_SHARE})::bigint,
            null, if(case_type = 'failure', 'us', 'customer'),
            if(failure_code is not null and not stays_open
                and uniform('paid', case_hash, 0) < 0.15,
                (50 + pick('compensation', case_hash, 0, 900))::decimal(18, 2), null),
            if(case_type = 'suggestion', uniform('adopted', case_hash, 0) < 0.3, null), null,
        from handled
        """
    )
    _report_twice(connection, start)


def _report_twice(connection: duckdb.DuckDBPyConnection, start: date) -> None:
    """Add the second report of what was reported already, merged into the first."""
    connection.execute(
        f"""
        insert into cases
        select * replace (
            case_id || 'B' as case_id,
            received_at + interval 3 hour as received_at,
            acknowledged_at + interval 3 hour as acknowledged_at,
            null as first_response_at, null as resolved_at,
            acknowledged_at + interval 4 hour as closed_at,
            0 as reopened_count, case_id as merged_into_case_id, null as compensation_amount
        )
        from cases
        where case_id like 'CS{start:%y%m}-%' and failure_code is not null
            and uniform('reported twice', hash(case_id), 0) < {MERGED_SHARE}
        """
    )
