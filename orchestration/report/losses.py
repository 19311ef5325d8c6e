"""Who left and why, and which failures customers leave after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from orchestration.report.failures import SERIES_MONTHS
from orchestration.report.reader import Reader, Row, months_before

_SHOWN_LEAVERS = 15
_RECENT_MONTHS = 2


@dataclass(frozen=True)
class Leaver:
    """A customer that left, or moved part of what it buys.

    Attributes:
        name: Its name.
        region: Its sales region.
        went_to: Competitor it went to; None where nobody knows.
        episode: Row of the defection.
    """

    name: str
    region: str | None
    went_to: str | None
    episode: Row


@dataclass(frozen=True)
class Losses:
    """Everything the report says of losses.

    Attributes:
        churn: Row of the month; None where it has none.
        bridge: How the number of customers moved in it.
        months: Churn by month, oldest first, up to the month reported.
        by_class: The trailing year by class at its start, best class first.
        causes: Families of causes of the trailing year's full defections, most frequent first.
        kept: How many of those we could have kept.
        leavers: Defections of the month and the two before, latest first.
        effects: Failures and the losses that follow them, clearest first.
        class_labels: Name by class of the scheme core, which losses are told by.
        abcd_labels: The same of abcd, which failures and the queue are told by.
        cause_labels: Name by cause or family of causes.
    """

    churn: Row | None
    bridge: Row | None
    months: Sequence[Row]
    by_class: Sequence[Row]
    causes: Sequence[Row]
    kept: Row | None
    leavers: Sequence[Leaver]
    effects: Sequence[Row]
    class_labels: dict[Any, Any]
    abcd_labels: dict[Any, Any]
    cause_labels: dict[Any, Any]


def read_losses(reader: Reader, month: Row, label: str) -> Losses:
    """Read what the marts say of losses; arguments as for `failures.read_failures`."""
    first: date = month["reporting_month"]
    window = (
        "cut = 'total' and horizon = 'trailing_year' and defection_type = 'full'"
        " and reporting_month = ?"
    )
    classes = reader.rows("dim_classes", "scheme = 'core'")
    abcd = reader.rows("dim_classes", "scheme = 'abcd'")
    ranks = {row["customer_class"]: row["class_rank"] for row in classes}
    by_class = reader.rows(
        "rpt_churn_by_class",
        "scheme = 'core' and defection_type = 'full' and horizon = 'trailing_year'"
        " and basis = 'as_known' and reporting_month = ?",
        [first],
    )
    return Losses(
        churn=reader.row("rpt_churn_month", "reporting_month = ?", [first]),
        bridge=reader.row("rpt_customer_bridge_month", "reporting_month = ?", [first]),
        months=reader.rows(
            "rpt_churn_month",
            "reporting_month between ? and ?",
            [months_before(first, SERIES_MONTHS), first],
        ),
        by_class=sorted(by_class, key=lambda row: ranks.get(row["customer_class"], len(ranks) + 1)),
        causes=reader.rows("rpt_cause_pareto", window, [first], order="cause_rank"),
        kept=reader.row("rpt_defection_controllability", window, [first]),
        leavers=_read_leavers(reader, month),
        effects=reader.rows("rpt_failure_defection_effect", order="q_value, rate_ratio desc"),
        class_labels={row["customer_class"]: row[label] for row in classes},
        abcd_labels={row["customer_class"]: row[label] for row in abcd},
        cause_labels=reader.labels("dim_causes", "cause_code", label),
    )


def _read_leavers(reader: Reader, month: Row) -> list[Leaver]:
    since = months_before(month["reporting_month"], _RECENT_MONTHS)
    until = month["period_end_date"]
    episodes = reader.rows(
        "fct_defections",
        "coalesce(defected_on, effective_date) >= ? and coalesce(defected_on, effective_date) < ?",
        [since, until],
        order="defection_type, lost_margin_t12 desc nulls last",
        limit=_SHOWN_LEAVERS,
    )
    customers = {row["customer_key"]: row for row in reader.rows("dim_customers")}
    rivals = reader.labels("dim_competitors", "competitor_key", "competitor_name")
    found = []
    for episode in episodes:
        customer = customers.get(episode["customer_key"])
        rival = episode["destination_competitor_key"]
        found.append(
            Leaver(
                name=(customer["customer_name"] if customer else None) or episode["customer_key"],
                region=customer["region"] if customer else None,
                went_to=rivals.get(rival) or rival,
                episode=episode,
            )
        )
    return found
