"""Counts the records of a CSV file on its bytes, apart from the reader that loads them.

The count proves that nothing was lost: records accepted and refused must add up to it. It also
finds what a CSV reader would swallow: a quote never closed, mixed line endings. Quoting follows
RFC 4180: a quote opens a value only at its start, and is doubled or escaped inside. No value is
parsed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestration.loading.errors import FileProblem

CHUNK = 1 << 22
_LF, _CR = 10, 13


@dataclass(frozen=True)
class Dialect:
    """How records are written, as single bytes; an empty quote means that nothing is quoted."""

    delimiter: bytes
    quote: bytes
    escape: bytes


@dataclass
class RecordCount:
    """What the count found.

    Attributes:
        records: Records, the header among them, blank lines not.
        lines: Physical lines.
        crlf: Record ends written CR LF.
        lf: Record ends written LF alone.
        shifts: Pairs of record number (from 0) and difference between the line a record starts on
            (from 1) and its number, wherever that difference changes.
        first_odd_line: First line whose ending differs from the first record's, or None.
    """

    records: int = 0
    lines: int = 0
    crlf: int = 0
    lf: int = 0
    shifts: list[tuple[int, int]] = field(default_factory=list)
    first_odd_line: int | None = None


class IrregularQuotes(Exception):  # noqa: N818 - a signal, not an error
    """Quotes stand where plain counting cannot follow; the slow, exact count is needed."""


class ChunkCounter:
    """Counts records chunk by chunk with array operations.

    Exact as long as every quote opens or closes a whole value or is doubled inside one; anything
    else raises IrregularQuotes.
    """

    def __init__(self, dialect: Dialect) -> None:
        """Start before the first byte."""
        self.result = RecordCount(shifts=[(0, 1)])
        self._dialect = dialect
        self._inside = False
        self._previous = b"\n"
        self._closed_at_end = False
        self._blank_so_far = True  # nothing yet on the current line
        if dialect.quote and dialect.escape not in (b"", dialect.quote):
            raise IrregularQuotes

    def feed(self, chunk: bytes) -> None:
        """Count one chunk of UTF-8 bytes; chunks follow each other without a gap."""
        if not chunk:
            return
        quote = self._dialect.quote
        quoted = self._inside or self._closed_at_end or bool(quote and quote in chunk)
        if quoted or self._has_blank_lines(chunk):
            self._feed_arrays(chunk)
        else:
            newlines = chunk.count(b"\n")
            crlf = chunk.count(b"\r\n") + (self._previous == b"\r" and chunk[:1] == b"\n")
            self._endings(newlines, crlf, lambda: _ends(chunk, self._previous))
            if newlines:
                # A value with line breaks may have ended its line only here.
                shift = self.result.lines + 1 - self.result.records
                self._note_shifts(np.array([self.result.records + 1]), np.array([shift]))
            self.result.records += newlines
            self.result.lines += newlines
            if newlines:
                self._blank_so_far = _is_blank(chunk[chunk.rfind(b"\n") + 1 :])
            else:
                self._blank_so_far = self._blank_so_far and _is_blank(chunk)
        self._previous = chunk[-1:]

    def finish(self) -> RecordCount:
        """Close the count; a last record without a line ending counts too."""
        if self._inside:
            raise IrregularQuotes
        if not self._blank_so_far:
            self.result.records += 1
            self.result.lines += 1
        return self.result

    def _has_blank_lines(self, chunk: bytes) -> bool:
        if b"\n\n" in chunk or b"\n\r\n" in chunk:
            return True
        return self._blank_so_far and chunk[:2].lstrip(b"\r")[:1] == b"\n"

    def _feed_arrays(self, chunk: bytes) -> None:
        data = np.frombuffer(chunk, dtype=np.uint8)
        newlines = np.flatnonzero(data == _LF)
        inside = np.zeros(len(newlines), dtype=bool)
        was_inside = self._inside
        if self._dialect.quote:
            quotes = np.flatnonzero(data == self._dialect.quote[0])
            self._check_quotes(data, quotes)
            inside = (np.searchsorted(quotes, newlines) + was_inside) % 2 == 1
            self._inside = bool((len(quotes) + was_inside) % 2)
        ends = newlines[~inside]
        before = np.where(ends > 0, data[ends - 1], self._previous[0]) if len(ends) else ends
        crlf = before == _CR
        self._endings(len(ends), int(crlf.sum()), lambda: (crlf, np.flatnonzero(~inside)))
        # A blank line: nothing but CR between this record end and the line's start.
        starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
        blank = (ends - starts) == crlf.astype(np.int64)
        if len(ends) and ends[0] <= 1:
            content = _is_blank(chunk[: ends[0]])
            blank[0] = self._blank_so_far and content and not was_inside
        elif len(ends):
            blank[0] = False
        records = self.result.records + np.cumsum(~blank)
        lines = self.result.lines + 1 + np.flatnonzero(~inside)
        self._note_shifts(records, lines + 1 - records)
        if len(ends):
            self.result.records = int(records[-1])
            rest = chunk[ends[-1] + 1 :]
            self._blank_so_far = _is_blank(rest)
        else:
            self._blank_so_far = self._blank_so_far and _is_blank(chunk) and not was_inside
        self.result.lines += len(newlines)

    def _note_shifts(self, records: NDArray[np.int64], shifts: NDArray[np.int64]) -> None:
        if not len(records):
            return
        last = self.result.shifts[-1][1]
        changed = np.flatnonzero(np.diff(shifts, prepend=last))
        for index in changed:
            number, shift = int(records[index]), int(shifts[index])
            if self.result.shifts[-1][0] == number:
                self.result.shifts.pop()
            self.result.shifts.append((number, shift))

    def _check_quotes(self, data: NDArray[np.uint8], quotes: NDArray[np.int64]) -> None:
        fence = [self._dialect.delimiter[0], self._dialect.quote[0], _LF, _CR]
        if self._closed_at_end and data[0] not in fence:
            raise IrregularQuotes
        opens = (np.arange(len(quotes)) + self._inside) % 2 == 0
        opening, closing = quotes[opens], quotes[~opens]
        previous = np.where(opening > 0, data[opening - 1], self._previous[0])
        if not np.isin(previous, fence[:3]).all():
            raise IrregularQuotes
        following = data[closing[closing < len(data) - 1] + 1]
        if not np.isin(following, fence).all():
            raise IrregularQuotes
        self._closed_at_end = bool(len(closing)) and closing[-1] == len(data) - 1

    def _endings(self, total: int, crlf: int, detail: object) -> None:
        result = self.result
        odd_here = (crlf and (total > crlf or result.lf)) or (total > crlf and result.crlf)
        if odd_here and result.first_odd_line is None:
            kinds, positions = detail()  # type: ignore[operator]
            first = bool(result.crlf) if result.crlf or result.lf else bool(kinds[0])
            odd = np.flatnonzero(kinds != first)
            if len(odd):
                result.first_odd_line = result.lines + 1 + int(positions[odd[0]])
        result.crlf += crlf
        result.lf += total - crlf


def _is_blank(text: bytes) -> bool:
    return text in (b"", b"\r")


def _ends(chunk: bytes, previous: bytes) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    data = np.frombuffer(chunk, dtype=np.uint8)
    ends = np.flatnonzero(data == _LF)
    return np.where(ends > 0, data[ends - 1], previous[0]) == _CR, np.arange(len(ends))


def walk_records(path: Path, dialect: Dialect, label: str) -> Iterator[tuple[int, int, bytes]]:
    """Yield every record that is not blank: byte offset, line it starts on, last physical line.

    Exact for any quoting, and several times slower than ChunkCounter: used only where that one
    gives up, and to find the line of a refused record.

    Args:
        path: UTF-8 file.
        dialect: Delimiter, quote and escape.
        label: File name for messages.

    Raises:
        FileProblem: If a quoted value is not closed where it ends.
    """
    offset = start = 0
    start_line = opened = 1
    inside = False
    with path.open("rb") as stream:
        for line_number, line in enumerate(stream, start=1):
            if not inside:
                start, start_line = offset, line_number
            offset += len(line)
            if dialect.quote and (inside or dialect.quote in line):
                was_inside = inside
                inside, opened_here, broken = _walk_line(line, inside, dialect)
                if opened_here:
                    opened = line_number
                if broken:
                    raise _unclosed(label, opened if opened_here or was_inside else line_number)
            if not inside and (line_number > start_line or line.strip(b"\r\n")):
                yield start, start_line, line
    if inside:
        raise _unclosed(label, opened)


def _walk_line(line: bytes, inside: bool, dialect: Dialect) -> tuple[bool, bool, bool]:
    """Return whether the line ends inside a quote, one opened here, and it is broken."""
    quote, escape, delimiter = dialect.quote, dialect.escape or dialect.quote, dialect.delimiter
    position, opened = 0, False
    while True:
        if not inside:
            if line[position : position + 1] == quote:
                inside = opened = True
                position += 1
                continue
            found = line.find(delimiter, position)
            if found < 0:
                return False, opened, False
            position = found + 1
            continue
        if escape != quote:
            skip = line.find(escape, position)
            close = line.find(quote, position)
            if 0 <= skip < close:
                position = skip + 2
                continue
        else:
            close = line.find(quote, position)
        if close < 0:
            return True, opened, False
        following = line[close + 1 : close + 2]
        if escape == quote and following == quote:
            position = close + 2
        elif following in (b"", b"\n", b"\r"):
            return False, opened, False
        elif following == delimiter:
            inside, position = False, close + 2
        else:
            return False, opened, True


def _unclosed(label: str, line: int) -> FileProblem:
    return FileProblem(
        f"{label}, line {line}: the quote opened here is never closed where its value ends. Close "
        "it (a quote inside a value is written twice), or set `quote: ''` in the mapping's format "
        "if the file does not quote."
    )
