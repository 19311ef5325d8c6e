"""What a table holds, as a row count and a checksum, whatever order its rows lie in.

The checksum is the sum of DuckDB's 64-bit hash of each row, added without overflow as a 128-bit
integer: equal content gives equal sums, and unlike an exclusive-or it counts a doubled row twice.
It guards against lost, doubled and altered rows, not against forgery. The hash function may change
between DuckDB versions, so a manifest records the version and an older one's sums are not compared.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from orchestration.publishing.marts import MONTH_COLUMN, Mart

WHOLE = "all"
NO_MONTH = "none"


@dataclass(frozen=True)
class Content:
    """What one part of a mart holds.

    Attributes:
        rows: Number of rows.
        checksum: Sum of the row hashes, as decimal text.
    """

    rows: int
    checksum: str


def quote(name: str) -> str:
    """Return a name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Return a text as a quoted SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def part_label(mart: Mart, month: str) -> str:
    """Return the SQL expression that says which part of a mart a row is in.

    A monthly mart has one part per month, `YYYY-MM`, and `none` for rows without a month. Any
    other mart is one part, `all`.

    Args:
        mart: The mart.
        month: SQL for the row's month.
    """
    if not mart.is_monthly:
        return text(WHOLE)
    return f"coalesce(strftime({month}, '%Y-%m'), {text(NO_MONTH)})"


def part_filter(label: str) -> str:
    """Return the SQL condition that selects one part; DuckDB skips blocks of other months by it."""
    if label == WHOLE:
        return "true"
    month = quote(MONTH_COLUMN)
    if label == NO_MONTH:
        return f"{month} is null"
    first = f"date '{label}-01'"
    return f"{month} >= {first} and {month} < cast({first} + interval 1 month as date)"


def parts_filter(parts: Collection[str] | None) -> str:
    """Return the SQL condition that selects some parts, or all where `parts` is None."""
    if parts is None:
        return "true"
    return " or ".join(f"({part_filter(part)})" for part in sorted(parts)) or "false"


def count_rows(connection: duckdb.DuckDBPyConnection, relation: str, mart: Mart) -> dict[str, int]:
    """Count the rows of every part of a mart; arguments and parts as for `read_content`."""
    month = quote(MONTH_COLUMN) if mart.is_monthly else text(WHOLE)
    rows = connection.execute(
        f"""
        with months as (
            select {month} as part_month, count(*) as row_count
            from {relation}
            group by part_month
        )
        select {part_label(mart, "part_month")} as part, cast(sum(row_count) as bigint)
        from months
        group by part
        """
    ).fetchall()
    return dict(rows) or {WHOLE: 0}


def read_content(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    mart: Mart,
    parts: Collection[str] | None = None,
) -> dict[str, Content]:
    """Count and sum every part of a mart.

    Args:
        connection: Connection that sees the relation.
        relation: SQL for the table, such as `warehouse.marts.fct_x` or `read_parquet([...])`.
        mart: The mart, for its columns and parts.
        parts: Labels of the parts wanted, None for all.

    Returns:
        Content by part label. A mart without rows has one part, `all`, so that it is still there.
    """
    columns = ", ".join(quote(name) for name in mart.column_names)
    month = quote(MONTH_COLUMN) if mart.is_monthly else text(WHOLE)
    # Grouped by the bare month first: making a label of every line would cost more than its hash.
    rows = connection.execute(
        f"""
        with months as (
            select {month} as part_month, count(*) as row_count, sum(hash({columns})) as checksum
            from {relation}
            where {parts_filter(parts)}
            group by part_month
        )
        select
            {part_label(mart, "part_month")} as part,
            cast(sum(row_count) as bigint),
            cast(sum(checksum) as varchar)
        from months
        group by part
        order by part
        """
    ).fetchall()
    return {part: Content(count, checksum) for part, count, checksum in rows} or {
        WHOLE: Content(0, "0")
    }
