"""Turns a text extract into UTF-8 that DuckDB can read, strictly, and counts its records.

Bytes are decompressed and decoded here and go straight to a file; values are not looked at.
DuckDB's own encodings are not used: they refuse four-byte GB18030 characters and change others
silently.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from orchestration.loading.errors import FileProblem
from orchestration.loading.scan import (
    CHUNK,
    ChunkCounter,
    Dialect,
    IrregularQuotes,
    RecordCount,
    walk_records,
)

ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16",
    "utf16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "latin-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
}
"""Encoding names a mapping may use, and the codec each one means."""

_BOM = codecs.BOM_UTF8
_MAX_HEADER = 1 << 20


@dataclass(frozen=True)
class TextFile:
    """A text extract made ready to read.

    Attributes:
        path: UTF-8 file to read: the extract itself, or a copy in the work folder.
        count: Its records, counted on the bytes.
    """

    path: Path
    count: RecordCount


def prepare_text(
    path: Path,
    label: str,
    encoding: str,
    dialect: Dialect,
    *,
    work: Path,
    accept_mixed_endings: bool = False,
) -> TextFile:
    """Decode, count and check a CSV extract.

    Args:
        path: The extract, plain or gzip.
        label: Its name for messages.
        encoding: A key of ENCODINGS.
        dialect: Delimiter, quote and escape.
        work: Folder for the UTF-8 copy, where one is needed.
        accept_mixed_endings: True to read CR LF and LF in one file alike.

    Raises:
        FileProblem: If the file is cut short, not in the encoding, holds a NUL byte, mixes line
            endings, or leaves a quote open; the message names the line.
    """
    codec = ENCODINGS[encoding]
    packed = path.suffix.lower() == ".gz"
    copy: Path | None = work / f"{path.name}.utf8"
    if not packed and codec == "utf-8" and not _starts_with_crlf(path):
        copy = None
    try:
        count = _pass(path, label, codec, dialect, copy)
    except IrregularQuotes:
        count = _exact_count(copy or path, dialect, label)
    if count.first_odd_line and not accept_mixed_endings:
        raise FileProblem(
            f"{label}, line {count.first_odd_line}: its line ending differs from the lines before "
            "(CR LF and LF are mixed), so a line may have been torn apart. Export the file again, "
            "or set `mixed_line_endings: accept` in the mapping's format."
        )
    if count.crlf and copy is None:
        # DuckDB loses records of files with CR LF and a quoted header: it always gets LF.
        copy = work / f"{path.name}.utf8"
        with suppress(IrregularQuotes):
            _pass(path, label, codec, dialect, copy)
    return TextFile(copy or path, count)


def _starts_with_crlf(path: Path) -> bool:
    with path.open("rb") as stream:
        return b"\r\n" in stream.read(1 << 16)


def read_header(path: Path, label: str, encoding: str, dialect: Dialect, skip: int) -> list[str]:
    """Return the column names of a CSV extract, reading no more than its start.

    Args:
        path: The extract, plain or gzip.
        label: Its name for messages.
        encoding: A key of ENCODINGS.
        dialect: Delimiter, quote and escape.
        skip: Lines above the header.

    Returns:
        The names, trimmed; an empty list for an empty file.

    Raises:
        FileProblem: As for prepare_text.
    """
    text = ""
    for chunk in _decoded(path, label, ENCODINGS[encoding], 1 << 16):
        text += chunk.decode("utf-8")
        if text.count("\n") > skip + 1 or len(text) > _MAX_HEADER:
            break
    lines = text.splitlines(keepends=True)[skip:]
    while lines and not lines[0].strip():
        lines.pop(0)
    if not lines:
        return []
    quote = dialect.quote.decode()
    reader = (
        csv.reader(lines, delimiter=dialect.delimiter.decode(), quotechar=quote)
        if quote
        else csv.reader(lines, delimiter=dialect.delimiter.decode(), quoting=csv.QUOTE_NONE)
    )
    return [name.strip() for name in next(reader)]


def _pass(path: Path, label: str, codec: str, dialect: Dialect, copy: Path | None) -> RecordCount:
    counter: ChunkCounter | None = None
    irregular = False
    out: IO[bytes] | None = copy.open("wb") if copy else None
    held = b""
    try:
        counter = ChunkCounter(dialect)
    except IrregularQuotes:
        irregular = True
    try:
        lines = 0
        for chunk in _decoded(path, label, codec, CHUNK):
            if b"\0" in chunk:
                line = lines + chunk.count(b"\n", 0, chunk.index(b"\0")) + 1
                raise FileProblem(
                    f"{label}, line {line}: the text holds a NUL byte. It was cut off by the "
                    "exporting program, or the file is UTF-16: set `encoding: utf-16` in the "
                    "mapping's format, or export it again."
                )
            lines += chunk.count(b"\n")
            if counter and not irregular:
                try:
                    counter.feed(chunk)
                except IrregularQuotes:
                    irregular = True
            if out:
                text = (held + chunk).replace(b"\r\n", b"\n")
                held = b"\r" if text.endswith(b"\r") else b""
                out.write(text[: len(text) - len(held)])
        if out:
            out.write(held)
    finally:
        if out:
            out.close()
    if irregular or counter is None:
        raise IrregularQuotes
    return counter.finish()


def _exact_count(path: Path, dialect: Dialect, label: str) -> RecordCount:
    count = RecordCount(shifts=[(0, 1)])
    for number, (_, line, last) in enumerate(walk_records(path, dialect, label)):
        if line - number != count.shifts[-1][1]:
            if count.shifts[-1][0] == number:
                count.shifts.pop()
            count.shifts.append((number, line - number))
        count.records += 1
        if last.endswith(b"\n"):
            is_crlf = last.endswith(b"\r\n")
            count.crlf += is_crlf
            count.lf += not is_crlf
            if count.crlf and count.lf and count.first_odd_line is None:
                count.first_odd_line = line
    return count


def _decoded(path: Path, label: str, codec: str, size: int) -> Iterator[bytes]:
    """Yield the file as UTF-8 without a byte order mark, in chunks."""
    decoder = codecs.getincrementaldecoder(codec)(errors="strict")
    consumed = lines = 0
    first = True
    for chunk in _bytes(path, label, size):
        pending = len(decoder.getstate()[0])
        if codec == "utf-8" and not pending and chunk.isascii():
            consumed += len(chunk)
            lines += chunk.count(b"\n")
            first = False
            yield chunk
            continue
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            position = max(consumed - pending + error.start, 0)
            good = codecs.getincrementaldecoder(codec)(errors="ignore")
            before = good.decode(chunk[: max(error.start - pending, 0)])
            raise _wrong_encoding(label, codec, lines + before.count("\n") + 1, position) from error
        consumed += len(chunk)
        if first and text:
            first = False
            text = text.removeprefix("\ufeff")
        lines += text.count("\n")
        yield text.encode("utf-8")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _wrong_encoding(label, codec, lines + 1, consumed) from error


def _bytes(path: Path, label: str, size: int) -> Iterator[bytes]:
    packed = path.suffix.lower() == ".gz"
    read = 0
    try:
        with gzip.open(path, "rb") if packed else path.open("rb") as stream:
            while chunk := stream.read(size):
                read += len(chunk)
                yield chunk
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileProblem(
            f"{label}: the gzip file is cut short or damaged after {read} unpacked bytes "
            f"({error}). Copy or export it again."
        ) from error


def _wrong_encoding(label: str, codec: str, line: int, position: int) -> FileProblem:
    names = ", ".join(sorted(set(ENCODINGS.values())))
    return FileProblem(
        f"{label}, line {line}, byte offset {position}: not {codec} text. Set `encoding` in "
        f"the mapping's format to what the file is written in ({names})."
    )
