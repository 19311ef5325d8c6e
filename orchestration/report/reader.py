"""Rows of a published release, each knowing where it stands.

The report shows no number but cells read here, so that every one of them can be found again: by
mart, key and column. A mart that an older release does not hold reads as empty, and the report
says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import UsageError
from orchestration.publishing.content import quote
from orchestration.publishing.shelf import DUCKDB_FILE, MANIFEST_FILE


@dataclass(frozen=True)
class Cell:
    """One number, date or word of the report.

    Attributes:
        value: The value as the mart holds it; None where it is not known.
        mart: Mart it stands in.
        key: Values of the key columns of its row; of an aggregate the condition on its rows.
        column: Its column, or the aggregate of columns.
    """

    value: Any
    mart: str
    key: Mapping[str, Any] = field(hash=False)
    column: str


@dataclass(frozen=True)
class Row:
    """A row of a mart.

    Attributes:
        mart: The mart.
        key: Values of its key columns.
        values: All its values by column.
    """

    mart: str
    key: Mapping[str, Any]
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        """Return the bare value, to decide by; what is shown is a cell."""
        return self.values.get(column)

    def cell(self, column: str) -> Cell:
        """Return a column of the row with its origin; unknown where the mart has no such column."""
        return Cell(self.values.get(column), self.mart, self.key, column)


class Reader:
    """Reads marts of one release.

    Args:
        connection: Connection to the published file, read-only.
        manifest: The release's manifest.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> None:
        """Note which marts the file has."""
        self._connection = connection
        self.manifest = manifest
        found = connection.execute("select table_name from duckdb_tables()").fetchall()
        self.marts = {name for (name,) in found}

    def rows(
        self,
        mart: str,
        where: str = "true",
        given: Sequence[Any] = (),
        order: str = "",
        limit: int | None = None,
    ) -> list[Row]:
        """Return rows of a mart; none where the release does not hold it.

        Args:
            mart: Mart.
            where: SQL condition, with `?` for what is given.
            given: Values of the condition.
            order: Columns to sort by; the key always follows, so that the order is one.
            limit: Rows at most.
        """
        if mart not in self.marts:
            return []
        keys = self._keys(mart)
        order_by = ", ".join([*([order] if order else []), *(quote(key) for key in keys)]) or "all"
        statement = f"select * from {quote(mart)} where {where} order by {order_by}"
        if limit is not None:
            statement += f" limit {limit}"
        cursor = self._connection.execute(statement, list(given))
        columns = [column[0] for column in cursor.description or []]
        found = [dict(zip(columns, values, strict=True)) for values in cursor.fetchall()]
        return [Row(mart, {key: row[key] for key in keys or columns}, row) for row in found]

    def row(self, mart: str, where: str, given: Sequence[Any]) -> Row | None:
        """Return the one row of a mart that meets a condition, or None."""
        found = self.rows(mart, where, given)
        return found[0] if found else None

    def total(self, mart: str, aggregate: str, key: Mapping[str, Any]) -> Cell:
        """Return an aggregate over the rows of a mart that have the given values.

        Args:
            mart: Mart; one the release does not hold gives an unknown value.
            aggregate: SQL aggregate, such as `count(*)`.
            key: Values by column; a value None stands for NULL.
        """
        value = None
        if mart in self.marts:
            where = " and ".join(f"{quote(name)} is not distinct from ?" for name in key) or "true"
            statement = f"select {aggregate} from {quote(mart)} where {where}"
            found = self._connection.execute(statement, list(key.values())).fetchone()
            value = found[0] if found else None
        return Cell(value, mart, dict(key), aggregate)

    def labels(self, mart: str, key: str, label: str) -> dict[Any, Any]:
        """Return the labels of a dimension by its key."""
        return {row[key]: row[label] for row in self.rows(mart)}

    def _keys(self, mart: str) -> list[str]:
        return list(self.manifest.get("marts", {}).get(mart, {}).get("key", ()))


@contextmanager
def open_release(published: Path) -> Iterator[Reader]:
    """Open the release that readers see.

    Args:
        published: Published folder of a home.

    Yields:
        The reader; the release stays the same though another is published meanwhile.

    Raises:
        UsageError: Nothing is published yet.
    """
    folder = (published / "current").resolve()
    if not (folder / DUCKDB_FILE).is_file():
        raise UsageError(
            f"There is no release in {published} to report on. Publish one first: kaw run"
        )
    manifest: dict[str, Any] = {}
    if (folder / MANIFEST_FILE).is_file():
        manifest = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
    with duckdb.connect(str(folder / DUCKDB_FILE), read_only=True) as connection:
        yield Reader(connection, manifest)


def choose_month(reader: Reader, asked: str | None) -> Row | None:
    """Return the row of the month to report, or None where the release has no month at all.

    Args:
        reader: The release.
        asked: Month as YYYY-MM; None takes the last closed one, else the last.

    Raises:
        UsageError: The release does not hold the month asked for.
    """
    months = {f"{row['reporting_month']:%Y-%m}": row for row in reader.rows("dim_months")}
    if asked is None:
        closed = [row for row in months.values() if row["is_closed_month"]]
        candidates = closed or list(months.values())
        return candidates[-1] if candidates else None
    if asked not in months:
        span = f"It has {min(months)} to {max(months)}." if months else "It has no month at all."
        raise UsageError(
            f"The release {reader.manifest.get('release_id', '')} has no month {asked}. {span}"
            " An earlier or later one has to be published first, by kaw run --as-of."
        )
    return months[asked]


def months_before(month: date, count: int) -> date:
    """Return the first day of the month that lies `count` months before."""
    total = month.year * 12 + month.month - 1 - count
    return date(total // 12, total % 12 + 1, 1)
