"""Which figures of months already closed a release changes: what late data did.

Compared are counts and amounts of the headline reports, for the whole company, over months that
were closed in the release before. Rates follow from them and are left out, like figures that move
only because time passes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing.content import quote, text
from orchestration.publishing.marts import MONTH_COLUMN, Mart
from orchestration.publishing.releases import Release
from orchestration.publishing.shelf import DUCKDB_FILE, write_durably

RESTATEMENTS_FILE = "restatements.csv"
# Mart -> which of its rows speak of the whole company.
HEADLINE_MARTS = {
    "rpt_churn_month": "true",
    "rpt_customer_bridge_month": "true",
    "rpt_defection_controllability": "cut = 'total'",
    "rpt_failure_frequency_month": "cut = 'total'",
    "rpt_revenue_retention": "true",
}
_CALENDAR = "dim_months"
_FIELDS = ("reporting_month", "mart", "key", "column", "before", "after")
_LISTED = 200
_EXACT_TYPES = ("BIGINT", "INTEGER", "DECIMAL")


@dataclass(frozen=True)
class Restatement:
    """A figure that is not what it was.

    Attributes:
        mart: Mart it stands in.
        key: Key of its row, as text by column.
        column: Its column, or `row` for a row that came or went.
        before: What it was, as text; None where it was not known.
        after: What it is.
    """

    mart: str
    key: Mapping[str, str]
    column: str
    before: str | None
    after: str | None

    @property
    def month(self) -> str:
        """Month restated, YYYY-MM."""
        return self.key[MONTH_COLUMN][:7]


def compare(
    build: Path, previous: Release, marts: Mapping[str, Mart], as_of_month: str | None
) -> dict[str, Any]:
    """Compare a build with the release before; list the differences in a file of the build.

    What cannot be compared stops no release: the summary then says why.

    Args:
        build: Folder of the build, verified.
        previous: Release that was current before.
        marts: Marts of the build.
        as_of_month: Month the build reports.

    Returns:
        What the manifest says: how many figures changed, of which months, and the first of them.
    """
    summary: dict[str, Any] = {"compared_with": previous.release_id}
    if (as_of_month or "") < (previous.as_of_month or ""):
        # An earlier month reported once more restates nothing.
        return summary | {"reason": "earlier_month"}
    known = previous.manifest.get("marts", {})
    comparable = {name: mart for name, mart in marts.items() if name in known}
    try:
        with duckdb.connect(":memory:") as connection:
            for name, folder in (("before", previous.path), ("after", build)):
                path = text(str(folder / DUCKDB_FILE))
                connection.execute(f"attach {path} as {quote(name)} (read_only)")
            found = find_restatements(connection, comparable, known)
    except duckdb.Error:
        return summary | {"reason": "not_readable"}
    write_durably(build / RESTATEMENTS_FILE, as_csv(found))
    return summary | {
        "count": len(found),
        "months": sorted({one.month for one in found}),
        "changes": [vars(one) | {"key": dict(one.key)} for one in found[:_LISTED]],
    }


def note_code(manifest: dict[str, Any], previous: Release | None) -> None:
    """Say in a manifest that rules changed too, where differences need not come from late data."""
    restated = manifest.get("restatements")
    if previous is not None and restated:
        known = previous.manifest.get("code_version")
        restated["is_code_changed"] = manifest["code_version"] != known


def find_restatements(
    connection: duckdb.DuckDBPyConnection,
    marts: Mapping[str, Mart],
    known: Mapping[str, Mapping[str, Any]],
) -> list[Restatement]:
    """Return the figures that differ between two attached releases, by month.

    Args:
        connection: Connection with the releases attached as `before` and `after`.
        marts: Marts that both have.
        known: Manifest entries of the release before.
    """
    found: list[Restatement] = []
    if _CALENDAR not in marts:
        return found
    for name, condition in HEADLINE_MARTS.items():
        if name in marts:
            columns = {column["name"] for column in known[name]["columns"]}
            found += _compare_mart(connection, marts[name], columns, condition)
    return sorted(found, key=lambda one: (one.month, one.mart, str(one.key), one.column))


def as_csv(found: list[Restatement]) -> str:
    """Return restatements as CSV with a header."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_FIELDS)
    for one in found:
        rest = ", ".join(f"{k}={v}" for k, v in one.key.items() if k != MONTH_COLUMN)
        writer.writerow([one.month, one.mart, rest, one.column, one.before, one.after])
    return stream.getvalue()


def append_log(log: Path, release: Path, release_id: str) -> None:
    """Add a release's restatements to a log that outlives the release.

    Args:
        log: CSV file, created if absent.
        release: Folder of the release.
        release_id: Its id, the first column.

    Raises:
        OSError: The log cannot be written.
    """
    source = release / RESTATEMENTS_FILE
    if not source.exists():
        return
    with source.open(encoding="utf-8", newline="") as file:
        _header, *rows = csv.reader(file)
    is_new = not log.exists()
    with log.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if is_new:
            writer.writerow(["release_id", *_FIELDS])
        writer.writerows([release_id, *row] for row in rows)


def _compare_mart(
    connection: duckdb.DuckDBPyConnection, mart: Mart, known: set[str], condition: str
) -> Iterator[Restatement]:
    key = list(mart.key)
    figures = [
        column.name
        for column in mart.columns
        if column.name in known and column.name not in key and column.type.startswith(_EXACT_TYPES)
    ]
    if MONTH_COLUMN not in key or not known.issuperset(key) or not figures:
        return

    def select(database: str) -> str:
        # Months closed in both: one that was open then only fills up, one open now is provisional.
        closed = " intersect ".join(
            f"select {MONTH_COLUMN} from {quote(one)}.{_CALENDAR} where is_closed_month"
            for one in ("before", "after")
        )
        columns = ", ".join(quote(column) for column in (*key, *figures))
        return (
            f"select {columns}, true as is_there from {quote(database)}.{quote(mart.name)}"
            f" where {condition} and {MONTH_COLUMN} in ({closed})"
        )

    joined = " and ".join(f"o.{quote(column)} = n.{quote(column)}" for column in key)
    differs = " or ".join(f"o.{quote(c)} is distinct from n.{quote(c)}" for c in figures)
    shown = [f"cast(coalesce(n.{quote(c)}, o.{quote(c)}) as varchar)" for c in key]
    shown += [f"cast({side}.{quote(c)} as varchar)" for c in figures for side in ("o", "n")]
    rows = connection.execute(
        f"select o.is_there, n.is_there, {', '.join(shown)}"
        f" from ({select('before')}) as o full join ({select('after')}) as n on {joined}"
        f" where o.is_there is null or n.is_there is null or {differs}"
    ).fetchall()
    for was_there, is_there, *values in rows:
        where = dict(zip(key, values, strict=False))
        if not (was_there and is_there):
            ends = ("present" if was_there else None, "present" if is_there else None)
            yield Restatement(mart.name, where, "row", *ends)
            continue
        pairs = zip(values[len(key) :: 2], values[len(key) + 1 :: 2], strict=True)
        for column, (old, new) in zip(figures, pairs, strict=True):
            if old != new:
                yield Restatement(mart.name, where, column, old, new)
