"""The loader's books, raw_meta: batches, files and refused rows, and which delivery counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from orchestration.loading.contract import Table
from orchestration.loading.file_names import FileName, is_later, parse_file_name
from orchestration.loading.mapping import Feed


@dataclass(frozen=True)
class Delivery:
    """One file for one table, as raw_meta.extract_files records it; its YAML explains it."""

    file_id: int
    table: Table
    file_name: str
    content_hash: str
    mapping_hash: str
    name: FileName
    batch_id: int
    loaded_at: datetime
    line_count: int
    loaded_count: int
    rejected_count: int
    duplicate_count: int
    period_start: date | None = None
    period_end: date | None = None
    known_from: date | None = None
    complete_through: date | None = None


def start_batch(connection: duckdb.DuckDBPyConnection, now: datetime) -> int:
    """Open a batch and close any that a killed run left open; returns its number."""
    connection.execute(
        "update raw_meta.load_batches set status = 'failed', finished_at = ?, "
        "message = 'The run was ended before it was done.' where status = 'running'",
        [now],
    )
    row = connection.execute(
        "insert into raw_meta.load_batches select coalesce(max(batch_id), 0) + 1, ?, null, "
        "'running', null from raw_meta.load_batches returning batch_id",
        [now],
    ).fetchone()
    assert row is not None
    return int(row[0])


def finish_batch(
    connection: duckdb.DuckDBPyConnection,
    batch_id: int,
    status: str,
    now: datetime,
    message: str | None = None,
) -> None:
    """Close a batch as loaded, nothing_new or failed."""
    connection.execute(
        "update raw_meta.load_batches set status = ?, finished_at = ?, message = ? "
        "where batch_id = ?",
        [status, now, message, batch_id],
    )


def next_file_id(connection: duckdb.DuckDBPyConnection) -> int:
    """Return a number no file has had."""
    row = connection.execute(
        "select coalesce(max(file_id), 0) + 1 from raw_meta.extract_files"
    ).fetchone()
    assert row is not None
    return int(row[0])


def known_as(
    connection: duckdb.DuckDBPyConnection, feed: Feed, label: str, content_hash: str
) -> str | None:
    """Return the name under which a delivery was loaded before, or None where it is new.

    The same bytes, read by the same mapping, are the same delivery under any name, unless the name
    says that they are another one: a list that did not change for another month, a later revision
    that goes back to what was corrected, or a file that was put back under its own name.

    Args:
        connection: Open connection to the warehouse.
        feed: Feed of the file.
        label: Its name below the extracts folder.
        content_hash: SHA-256 of its bytes.
    """
    table = feed.targets[0].table
    rows = connection.execute(
        "select earlier.file_name, winner.file_name from raw_meta.extract_files as earlier "
        "left join raw_meta.extract_files as winner "
        "on earlier.superseded_by_file_id = winner.file_id "
        "and earlier.source_name = winner.source_name and earlier.table_name = winner.table_name "
        "where earlier.content_hash = ? and earlier.mapping_hash = ? and earlier.source_name = ? "
        "and earlier.table_name = ? and earlier.status in ('loaded', 'superseded') "
        "order by earlier.file_id",
        [content_hash, feed.mapping_hash, table.source, table.name],
    ).fetchall()
    name = parse_file_name(label)
    for earlier, winner in rows:
        before = parse_file_name(earlier)
        periods = [(entry.period_start, entry.period_end) for entry in (before, name)]
        if None not in (before.period_start, name.period_start) and periods[0] != periods[1]:
            continue
        if winner is None or (before.revision == name.revision and winner != label):
            return str(earlier)
    return None


def completeness(
    feed: Feed, name: FileName, last_day: date | None, period_end: date | None
) -> date | None:
    """Return the first day that a file does not vouch for, or None where it does not tell.

    Args:
        feed: The feed, which says whether files vouch for their whole period.
        name: What the file's name says.
        last_day: Last day found in the period column.
        period_end: First day after the file's period.
    """
    if feed.complete_periods and period_end is not None:
        return period_end
    days = [last_day + timedelta(days=1)] if last_day else []
    if name.delivered_on:
        days.append(name.delivered_on)
    if not days:
        return None
    # A late delivery says nothing about the months after its own period.
    return min(max(days), name.period_end) if name.period_end else max(days)


def month_span(first_day: date | None, last_day: date | None) -> tuple[date | None, date | None]:
    """Return the first day of the first month and the first day after the last one."""
    if first_day is None or last_day is None:
        return None, None
    following = (last_day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first_day.replace(day=1), following


def record_delivery(
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    slot_of: Callable[[FileName], tuple[object, ...]],
) -> str:
    """Record a loaded file and settle which delivery of its slot counts.

    Runs within the file's transaction.

    Args:
        connection: Open connection to the warehouse.
        delivery: The file.
        slot_of: Tells what a file name stands for; files of one slot replace each other.

    Returns:
        loaded, superseding or superseded.
    """
    mine = slot_of(delivery.name)
    beaten: list[int] = []
    winner: int | None = None
    for file_id, file_name in connection.execute(
        "select file_id, file_name from raw_meta.extract_files where source_name = ? "
        "and table_name = ? and status = 'loaded' order by file_id",
        list(delivery.table.id),
    ).fetchall():
        other = parse_file_name(file_name)
        if slot_of(other) != mine:
            continue
        # Names that tell no order: the file was replaced on disk, and the new one counts. Two such
        # files on disk at once were refused before anything was loaded.
        if is_later(other, delivery.name):
            winner = int(file_id)
        else:
            beaten.append(int(file_id))
    is_first = not beaten and winner is None and delivery.name.version == 1
    known_from = delivery.name.delivered_on or (
        delivery.period_end if is_first and delivery.period_end else delivery.loaded_at.date()
    )
    _insert(connection, delivery, known_from, "loaded" if winner is None else "superseded", winner)
    if winner is not None:
        return "superseded"
    if beaten:
        connection.execute(
            "update raw_meta.extract_files set status = 'superseded', superseded_by_file_id = ? "
            "where source_name = ? and table_name = ? and file_id in (select unnest(?::bigint[]))",
            [delivery.file_id, *delivery.table.id, beaten],
        )
        return "superseding"
    return "loaded"


def record_refusal(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> None:
    """Record a refused file; an earlier refusal of the same bytes and mapping makes room for it."""
    for name in ("rejected_rows", "extract_files"):
        connection.execute(
            f"delete from raw_meta.{name} where source_name = ? and table_name = ? and file_id in "
            "(select file_id from raw_meta.extract_files where status = 'refused' "
            "and content_hash = ? and mapping_hash = ?)",
            [*delivery.table.id, delivery.content_hash, delivery.mapping_hash],
        )
    _insert(connection, delivery, delivery.name.delivered_on, "refused", None)


def _insert(
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    known_from: date | None,
    status: str,
    winner: int | None,
) -> None:
    values = {
        "file_id": delivery.file_id,
        "source_name": delivery.table.source,
        "table_name": delivery.table.name,
        "file_name": delivery.file_name,
        "content_hash": delivery.content_hash,
        "mapping_hash": delivery.mapping_hash,
        "period_start": delivery.period_start,
        "period_end": delivery.period_end,
        "revision": delivery.name.revision,
        "delivered_on": delivery.name.delivered_on,
        "known_from": known_from,
        "complete_through": delivery.complete_through,
        "batch_id": delivery.batch_id,
        "loaded_at": delivery.loaded_at,
        "line_count": delivery.line_count,
        "loaded_count": delivery.loaded_count,
        "rejected_count": delivery.rejected_count,
        "duplicate_count": delivery.duplicate_count,
        "status": status,
        "superseded_by_file_id": winner,
    }
    connection.execute(
        f"insert into raw_meta.extract_files ({', '.join(values)}) "
        f"values ({', '.join('?' * len(values))})",
        list(values.values()),
    )
