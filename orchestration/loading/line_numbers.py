"""Gives every record of a file the physical line it starts on.

Rows keep the file's order while they are read, so a row's number tells its line, except behind
blank lines, values with line breaks, and records that the reader could not split. Only these
exceptions are listed; every other line costs nothing.
"""

from __future__ import annotations

import duckdb

from orchestration.loading.errors import FileProblem
from orchestration.loading.readers import REJECTS, OpenFile
from orchestration.loading.row_checks import MAX_VALUE
from orchestration.loading.scan import walk_records

INCOMING = "kaw_incoming"
LINES = "kaw_incoming_lines"
SHIFTS = "kaw_line_shifts"
REFUSALS = "kaw_refusals"

_NO_RECORD = 1 << 62


def number_lines(connection: duckdb.DuckDBPyConnection, opened: OpenFile, label: str) -> None:
    """Make the view of incoming records with their lines, and list those that could not be split.

    Args:
        connection: Connection with the temporary tables of the file.
        opened: The file.
        label: Its name for messages.

    Raises:
        FileProblem: If a quoted value is not closed where it ends.
    """
    numbered = f"select *, rowid as record from {INCOMING}"
    if opened.source.line:
        connection.execute(f"create temp view {LINES} as {numbered}")
        return
    broken = _list_broken_records(connection, opened, label)
    shifts = line_shifts(opened.shifts, opened.header_records, broken)
    if len(shifts) == 1:
        query = f"select *, record + {shifts[0][1]} as line from ({numbered})"
    else:
        connection.execute(f"create temp table {SHIFTS} (first_record bigint, shift bigint)")
        connection.execute(
            f"insert into {SHIFTS} select unnest(?::bigint[]), unnest(?::bigint[])",
            [[first for first, _ in shifts], [shift for _, shift in shifts]],
        )
        query = (
            f"select numbered.*, numbered.record + shifts.shift as line from ({numbered}) as "
            f"numbered asof join {SHIFTS} as shifts on numbered.record >= shifts.first_record"
        )
    connection.execute(f"create temp view {LINES} as {query}")


def line_shifts(
    starts: list[tuple[int, int]], header_records: int, broken: list[int]
) -> list[tuple[int, int]]:
    """Work out what to add to an accepted record's number for its line.

    Args:
        starts: Pairs of record number (from 0, header and titles among them) and line minus number,
            wherever that difference changes; rising, the first at 0.
        header_records: Records above the data.
        broken: Numbers of the records that were not accepted, rising, counted as in ``starts``.

    Returns:
        Pairs of accepted record (from 0) and what to add to it, rising; the first is at 0.
    """
    gaps = set(broken)
    # A shift can change at a record whose line jumps and behind one that was left out.
    candidates = sorted({header_records, *(n + 1 for n in broken), *(n for n, _ in starts)})
    result: list[tuple[int, int]] = []
    upcoming = iter([*starts, (_NO_RECORD, 0)])
    gaps_rising = iter([*broken, _NO_RECORD])
    shift, following = next(upcoming)[1], next(upcoming)
    gap = next(gaps_rising)
    skipped = 0
    for number in candidates:
        while following[0] <= number:
            shift, following = following[1], next(upcoming, (_NO_RECORD, 0))
        while gap < number:
            skipped, gap = skipped + 1, next(gaps_rising, _NO_RECORD)
        if number < header_records or number in gaps:
            continue
        first, added = number - header_records - skipped, shift + header_records + skipped
        if not result or result[-1][1] != added:
            result.append((first if result else 0, added))
    return result or [(0, shift + header_records)]


def _list_broken_records(
    connection: duckdb.DuckDBPyConnection, opened: OpenFile, label: str
) -> list[int]:
    """Put the records that DuckDB could not split among the refusals; return their numbers."""
    if opened.text is None or opened.dialect is None:
        return []
    rows = connection.execute(
        "select line_byte_position, min(error_message), "
        f"any_value(left(ltrim(csv_line, chr(10)), {MAX_VALUE})) "
        f"from {REJECTS} group by line_byte_position order by line_byte_position"
    ).fetchall()
    numbers: list[int] = []
    lines: list[int] = []
    if rows:
        for number, (offset, line, _) in enumerate(
            walk_records(opened.text.path, opened.dialect, label)
        ):
            # DuckDB's position counts from 1 and may lie on the line ending before the record.
            if offset < rows[len(numbers)][0] - 1:
                continue
            numbers.append(number)
            lines.append(line)
            if len(numbers) == len(rows):
                break
    if len(numbers) != len(rows):
        raise FileProblem(
            f"{label}: {len(rows)} lines cannot be split, and not all can be located."
        )
    connection.execute(
        f"insert into {REFUSALS} select null, unnest(?::bigint[]), null, unnest(?::varchar[]), "
        "unnest(?::varchar[]), false, false",
        [lines, [row[2] for row in rows], [_in_words(row[1]) for row in rows]],
    )
    return numbers


def _in_words(message: str) -> str:
    """Return DuckDB's complaint about a line the way the other reasons are written."""
    return message[:1].lower() + message[1:].rstrip(".") if message else "cannot be split"
