"""Who is about to leave, whom to ask, and whether the programme runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from orchestration.report.reader import Cell, Reader, Row, months_before

WARNING = "rpt_early_warning"
# What is at stake, by column of that list: margin, or revenue where no cost is known.
MARGIN, REVENUE = "margin_at_stake", "net_revenue_t12"
QUEUE = "rpt_interview_queue"
REASONS = (
    "has_silence",
    "has_partial_defection",
    "has_spend_decline",
    "has_open_complaint",
    "has_care_gap",
    "has_owner_gone",
    "has_contract_notice",
    "has_recent_event",
    "has_overdue_payment",
)
_SHOWN_WARNINGS = 15
_SHOWN_TALKS = 10
_SHOWN_MONTHS = 6
_SHOWN_QUARTERS = 4


@dataclass(frozen=True)
class Account:
    """A customer on a list.

    Attributes:
        name: Its name.
        row: Its row of the list.
        reasons: Columns of the reasons that hold, of a customer at risk.
    """

    name: str
    row: Row
    reasons: Sequence[str] = ()


@dataclass(frozen=True)
class Outlook:
    """Everything the report says of what comes.

    Attributes:
        is_latest: False for a month before the last closed one, which lists are not kept for.
        list_month: Month the lists are of; None where there is none.
        at_risk: Customers at risk, the most at stake first.
        at_risk_count: How many there are.
        at_risk_several: How many of them for two reasons or more.
        stake: Column of what is at stake: revenue where no margin of theirs is known.
        at_risk_stake: Its total, of a year.
        queue: Lost customers to ask, first first.
        queue_count: How many there are.
        overdue_count: Those whose last day to be asked has passed.
        coverage: How far the asking is, by month of detection, latest first.
        progress: The same by quarter, with the review and who asked.
        program: Whether the analysis ran in the month.
    """

    is_latest: bool
    list_month: date | None
    at_risk: Sequence[Account]
    at_risk_count: Cell
    at_risk_several: Cell
    stake: str
    at_risk_stake: Cell
    queue: Sequence[Account]
    queue_count: Cell
    overdue_count: Cell
    coverage: Sequence[Row]
    progress: Sequence[Row]
    program: Row | None


def read_outlook(reader: Reader, month: Row) -> Outlook:
    """Read what the marts say of what comes.

    Args:
        reader: The release.
        month: Row of the month reported.
    """
    first: date = month["reporting_month"]
    closed = reader.rows("dim_months", "is_closed_month", order="reporting_month desc", limit=1)
    list_month = closed[0]["reporting_month"] if closed else None
    is_latest = list_month is not None and first >= list_month
    names = reader.labels("dim_customers", "customer_key", "customer_name") if is_latest else {}

    def accounts(mart: str, order: str, limit: int) -> list[Account]:
        if not is_latest:
            return []
        return [
            Account(
                names.get(row["customer_key"]) or row["customer_key"],
                row,
                [name for name in REASONS if row[name]],
            )
            for row in reader.rows(mart, order=order, limit=limit)
        ]

    at_stake = {name: reader.total(WARNING, f"sum({name})", {}) for name in (MARGIN, REVENUE)}
    stake = MARGIN if at_stake[MARGIN].value is not None else REVENUE
    return Outlook(
        is_latest=is_latest,
        list_month=list_month,
        at_risk=accounts(WARNING, "warning_rank", _SHOWN_WARNINGS),
        at_risk_count=reader.total(WARNING, "count(*)", {}),
        at_risk_several=reader.total(WARNING, "count(*) filter (reason_count > 1)", {}),
        stake=stake,
        at_risk_stake=at_stake[stake],
        queue=accounts(QUEUE, "queue_place", _SHOWN_TALKS),
        queue_count=reader.total(QUEUE, "count(*)", {}),
        overdue_count=reader.total(QUEUE, "count(*)", {"is_overdue": True}),
        coverage=reader.rows(
            "rpt_investigation_coverage",
            "detected_month between ? and ?",
            [months_before(first, _SHOWN_MONTHS - 1), first],
            order="detected_month desc",
        ),
        progress=reader.rows(
            "rpt_investigation_progress",
            "detected_quarter_month <= ?",
            [first],
            order="detected_quarter_month desc",
            limit=_SHOWN_QUARTERS,
        ),
        program=reader.row("rpt_failure_program_health", "reporting_month = ?", [first]),
    )
