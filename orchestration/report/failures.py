"""What broke more, what got better, what is new, and which fixes worked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from orchestration.report.reader import Cell, Reader, Row, months_before

FREQUENCY = "rpt_failure_frequency_month"
VERDICT = "rpt_failure_verdict"
ACTIONS = "dim_corrective_actions"
EFFECT = "rpt_action_effect"
SERIES_MONTHS = 24
# A month much of which is not told yet is not judged; the last one judged may lie this far back.
_JUDGED_BACK = 3
_SHOWN_PLACES = 12
_WORSE, _BETTER = ("above_limit", "run_above"), ("below_limit", "run_below")
_RUNS = ("run_above", "run_below")


@dataclass(frozen=True)
class FailureType:
    """A type of failure and its last two years.

    Attributes:
        key: Type.
        label: Its name.
        months: Rows of the whole company, oldest first, up to the month reported.
        now: Row of the month reported; None where it has none.
        judged: Latest row of which enough is told to judge it; None where there is none.
    """

    key: str
    label: str
    months: Sequence[Row]
    now: Row | None
    judged: Row | None

    @property
    def direction(self) -> str:
        """Worse, better, usual, or untold where no month can be judged."""
        if self.judged is None:
            return "untold"
        rule = self.judged["signal_rule"]
        return "worse" if rule in _WORSE else "better" if rule in _BETTER else "usual"

    @property
    def is_run(self) -> bool:
        """True where the month judged ends a run, and no month of it need stand out."""
        return self.judged is not None and self.judged["signal_rule"] in _RUNS

    @property
    def usual(self) -> Cell | None:
        """What the month judged is compared with: of a run, the rate before the run began."""
        if self.judged is None:
            return None
        return self.judged.cell("run_centre_per_1000" if self.is_run else "centre_per_1000")


@dataclass(frozen=True)
class Fix:
    """A corrective action and what became of the problem.

    Attributes:
        label: Type of failure, or cause of leaving, it was for.
        verdict: Row of the verdict.
        action: Row of the action; None where the register lacks it.
    """

    label: str
    verdict: Row
    action: Row | None


@dataclass(frozen=True)
class Failures:
    """Everything the report says of failures.

    Attributes:
        types: Types with a failure in two years, worse first.
        quiet_labels: Types without one.
        places: Rows by class, region, category or family that are unusual, latest first.
        new: Verdicts of the month by which a problem is new, and those of the two months before.
        fixes: Actions with a verdict on a type.
        cause_fixes: Actions with a verdict on a cause of leaving, told by the end of the month.
        open_actions: Actions decided and not done by the end of the month, earliest due first.
        labels: Name by type.
    """

    types: Sequence[FailureType]
    quiet_labels: Sequence[str]
    places: Sequence[Row]
    new: Sequence[Row]
    fixes: Sequence[Fix]
    cause_fixes: Sequence[Fix]
    open_actions: Sequence[Row]
    labels: dict[str, str]

    def going(self, direction: str) -> list[FailureType]:
        """Return the types that go in a direction."""
        return [kind for kind in self.types if kind.direction == direction]


def read_failures(reader: Reader, month: Row, label: str) -> Failures:
    """Read what the marts say of failures.

    Args:
        reader: The release.
        month: Row of the month reported.
        label: Column of the labels' language.
    """
    first: date = month["reporting_month"]
    kinds = reader.rows("dim_failure_types")
    labels = {row["failure_type_key"]: row[label] for row in kinds}
    types, quiet = _read_types(reader, first, [row for row in kinds if row["failure_level"] != 1])
    return Failures(
        types=[
            FailureType(key, labels[key], rows, _at(rows, first), _judged(rows, first))
            for key, rows in types.items()
        ],
        quiet_labels=[labels[key] for key in quiet],
        places=_read_places(reader, first, kinds),
        new=_read_new(reader, first, kinds),
        fixes=_read_fixes(reader, VERDICT, "reporting_month = ?", first, labels),
        cause_fixes=_read_fixes(
            reader,
            EFFECT,
            "target_kind = 'cause' and effect_month <= ?",
            first,
            reader.labels("dim_causes", "cause_key", label),
        ),
        open_actions=reader.rows(
            ACTIONS,
            "decided_date < ? and (done_date is null or done_date >= ?)",
            [month["period_end_date"], month["period_end_date"]],
            order="due_date",
        ),
        labels=labels,
    )


def _read_types(
    reader: Reader, first: date, kinds: Sequence[Row]
) -> tuple[dict[str, list[Row]], list[str]]:
    rows = reader.rows(
        FREQUENCY,
        "cut = 'total' and reporting_month between ? and ?",
        [months_before(first, SERIES_MONTHS), first],
        order="reporting_month",
    )
    series: dict[str, list[Row]] = {row["failure_type_key"]: [] for row in kinds}
    for row in rows:
        if row["failure_type_key"] in series:
            series[row["failure_type_key"]].append(row)
    told = {key: rows for key, rows in series.items() if any(row["event_count"] for row in rows)}

    def place(key: str) -> tuple[int, int, str]:
        judged = _judged(told[key], first)
        rule = judged["signal_rule"] if judged else None
        order = 0 if rule in _WORSE else 1 if rule in _BETTER else 2
        return order, -sum(row["event_count"] for row in told[key]), key

    return {key: told[key] for key in sorted(told, key=place)}, sorted(set(series) - set(told))


def _at(rows: Sequence[Row], first: date) -> Row | None:
    return next((row for row in rows if row["reporting_month"] == first), None)


def _judged(rows: Sequence[Row], first: date) -> Row | None:
    """Return the latest row that can be judged: closed, told, and with a year to compare with."""
    judged = [
        row
        for row in rows
        if row["is_closed_month"]
        and row["is_mature"]
        and row["centre_per_1000"] is not None
        and row["reporting_month"] > months_before(first, _JUDGED_BACK)
    ]
    return judged[-1] if judged else None


def _read_places(reader: Reader, first: date, kinds: Sequence[Row]) -> list[Row]:
    families = [row["failure_type_key"] for row in kinds if row["failure_level"] == 1]
    types = [row["failure_family_code"] for row in kinds if row["failure_level"] != 1]
    # A family of one type says nothing that its type does not.
    single = [key for key in families if types.count(key) == 1]
    rows = reader.rows(
        FREQUENCY,
        "signal_rule is not null and is_mature and reporting_month between ? and ?"
        " and (cut <> 'total' or failure_level = 1)",
        [months_before(first, _JUDGED_BACK - 1), first],
        order="reporting_month desc, signal_rule in ('above_limit', 'run_above') desc",
    )
    return [row for row in rows if row["failure_type_key"] not in single][:_SHOWN_PLACES]


def _read_new(reader: Reader, first: date, kinds: Sequence[Row]) -> list[Row]:
    rows = reader.rows(
        VERDICT,
        "is_new and reporting_month between ? and ?",
        [months_before(first, 2), first],
        order="reporting_month desc",
    )
    family = {row["failure_type_key"]: row["failure_family_code"] for row in kinds}
    named = {
        (row["reporting_month"], family[row["failure_type_key"]])
        for row in rows
        if family[row["failure_type_key"]] != row["failure_type_key"]
    }
    # A family adds nothing to a type of it that is new in the same month.
    return [row for row in rows if (row["reporting_month"], row["failure_type_key"]) not in named]


def _read_fixes(
    reader: Reader, mart: str, where: str, first: date, labels: Mapping[str, str]
) -> list[Fix]:
    actions = {row["action_key"]: row for row in reader.rows(ACTIONS)}
    target = "failure_type_key" if mart == VERDICT else "cause_key"
    verdicts = reader.rows(mart, f"verdict is not null and {where}", [first])
    return [
        Fix(labels.get(row[target], row[target]), row, actions.get(row["action_key"]))
        for row in verdicts
    ]
