"""Finds the files of a batch, tells which are new, and checks all of them before any is loaded."""

from __future__ import annotations

import fnmatch
import hashlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import duckdb

from orchestration.loading.books import known_as
from orchestration.loading.errors import FileProblem
from orchestration.loading.file_names import SUFFIXES, FileName, is_later, parse_file_name
from orchestration.loading.header import FileColumn, absent_columns, check_header
from orchestration.loading.mapping import Feed, nearest
from orchestration.loading.readers import read_columns

_HASH_CHUNK = 1 << 20


@dataclass
class FoundFile:
    """A file of a feed.

    Attributes:
        feed: The feed it belongs to.
        path: Where it is.
        label: Path below the extracts folder, as recorded and shown.
        name: What its name says.
        content_hash: SHA-256 of its bytes.
        known: True where the same bytes were loaded before by the same mapping.
        columns: Its columns; empty where it is known or could not be read.
    """

    feed: Feed
    path: Path
    label: str
    name: FileName
    content_hash: str = ""
    known: bool = False
    columns: list[FileColumn] = field(default_factory=list)


@dataclass
class Batch:
    """What was found.

    Attributes:
        files: Files in the order they are loaded.
        problems: Everything wrong, each as one message.
        notices: Things worth knowing that stop nothing.
    """

    files: list[FoundFile] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def slot(feed: Feed, name: FileName) -> tuple[object, ...]:
    """Return what a delivery stands for: files of one slot replace each other.

    A slot is a period where the name has one; else, for a full list, the table itself; else, for
    transactions, the name without its revision. Files that stand beside each other in one period
    (``several_files_per_period``) differ by their label as well.
    """
    by_label = feed.settings.several_files_per_period
    if name.period_start is not None:
        return (name.period_start, name.period_end, name.label if by_label else "")
    is_master = all(target.table.delivery == "master" for target in feed.targets)
    return (None, None, name.label if by_label or not is_master else "")


def find_files(connection: duckdb.DuckDBPyConnection, extracts: Path, feeds: list[Feed]) -> Batch:
    """Find and check every file of the extracts folder.

    Args:
        connection: Open connection to the warehouse, for what was loaded before.
        extracts: Folder of the extracts.
        feeds: Feeds of the mapping.

    Returns:
        The batch; its problems are not raised, so that all can be reported at once.
    """
    batch = Batch()
    if not extracts.is_dir():
        batch.problems.append(
            f"The extracts folder {extracts} does not exist. Create it, or name another one with "
            "--extracts."
        )
        return batch
    for path in sorted(extracts.rglob("*")):
        relative = PurePosixPath(path.relative_to(extracts).as_posix())
        if path.is_file() and not any(part.startswith((".", "~$")) for part in relative.parts):
            _place(batch, path, relative, feeds)
    _report_missing(connection, batch, feeds)
    batch.files.sort(key=_loading_order)
    _mark_known(connection, batch)
    _report_rivals(batch)
    _check_headers(connection, batch)
    return batch


def _place(batch: Batch, path: Path, relative: PurePosixPath, feeds: list[Feed]) -> None:
    label, folder = str(relative), str(relative.parent)
    if not path.name.lower().endswith(SUFFIXES):
        if path.name.lower().endswith((".xls", ".xlsm", ".xlsb", ".zip", ".7z", ".ods", ".bz2")):
            batch.problems.append(
                f"{label}: this kind of file is not read. Save it as one of {', '.join(SUFFIXES)}."
            )
        elif relative.suffix.lower() not in (".yml", ".yaml", ".md", ".json"):
            batch.notices.append(f"{label} is no extract and was left alone.")
        return
    matching = [
        feed
        for feed in feeds
        if feed.folder == folder and fnmatch.fnmatch(path.name, feed.settings.files)
    ]
    if len(matching) != 1:
        folders = sorted({feed.folder for feed in feeds})
        problem = (
            f"belongs to {' and '.join(feed.name for feed in matching)} at once. Narrow `files`"
            if matching
            else f"no table is read from the folder {folder}.{nearest(folder, folders)} Move the "
            "file, or set `folder`"
        )
        batch.problems.append(f"{label}: {problem} in the mapping.")
        return
    try:
        name = parse_file_name(label)
    except FileProblem as problem:
        batch.problems.append(f"{folder}/{problem.message}")
        return
    batch.files.append(FoundFile(matching[0], path, label, name))


def _loading_order(found: FoundFile) -> tuple[object, ...]:
    day = found.name.period_end.isoformat() if found.name.period_end else ""
    return (found.feed.name, day, found.name.revision, found.label)


def _mark_known(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    newest: dict[tuple[object, ...], FoundFile] = {}
    for found in batch.files:
        digest = hashlib.sha256()
        with found.path.open("rb") as stream:
            while chunk := stream.read(_HASH_CHUNK):
                digest.update(chunk)
        found.content_hash = digest.hexdigest()
        here = (found.feed.name, *slot(found.feed, found.name))
        earlier = known_as(connection, found.feed, found.label, found.content_hash)
        before = newest.get(here)
        if before and earlier and parse_file_name(earlier).revision != found.name.revision:
            earlier = None  # another new delivery of the period comes in between
        twin = before if before and before.content_hash == found.content_hash else None
        if earlier:
            found.known = True
            if earlier != found.label:
                batch.notices.append(f"{found.label} was loaded before, under the name {earlier}.")
        elif twin:
            found.known = True
            batch.notices.append(f"{found.label} has the same content as {twin.label}.")
        else:
            newest[here] = found


def _report_rivals(batch: Batch) -> None:
    """Report files of one slot that neither their names nor their content put in an order."""
    by_slot: dict[tuple[object, ...], list[FoundFile]] = {}
    for found in batch.files:
        by_slot.setdefault((found.feed.name, *slot(found.feed, found.name)), []).append(found)
    for rivals in by_slot.values():
        for index, one in enumerate(rivals):
            for other in rivals[index + 1 :]:
                if one.content_hash == other.content_hash:
                    continue
                if is_later(one.name, other.name) is None:
                    period = (
                        f"{one.name.period_start:%Y-%m}"
                        if one.name.period_start
                        else "the same list"
                    )
                    batch.problems.append(
                        f"{one.label} and {other.label}: two files for {period} of "
                        f"{one.feed.name}, and their names do not tell which is the later one. "
                        "Remove one, mark the later one as `.corrected` or `.v2`, or, if they "
                        "complete each other, set `several_files_per_period: true` in the mapping."
                    )


def _report_missing(connection: duckdb.DuckDBPyConnection, batch: Batch, feeds: list[Feed]) -> None:
    """Report required tables nobody delivered; a source never delivered at all asks for none."""
    fed = {target.table.id for found in batch.files for target in found.feed.targets}
    fed |= {
        (source, table)
        for source, table in connection.execute(
            "select distinct source_name, table_name from raw_meta.extract_files "
            "where status = 'loaded'"
        ).fetchall()
    }
    delivered = {source for source, _ in fed}
    absent: set[str] = set()
    for feed in feeds:
        for target in feed.targets:
            table = target.table
            if not table.required or table.id in fed:
                continue
            if delivered and table.source not in delivered:
                absent.add(table.source)
                continue
            batch.problems.append(
                f"No file for the required table {table.label}. Put its extracts into the "
                f"folder {feed.folder}, or tell the mapping where they are."
            )
    batch.notices += [
        f"There is no file of {source} at all: what needs it is unknown."
        for source in sorted(absent)
    ]


def _check_headers(connection: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    absent: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for found in batch.files:
        if found.known:
            continue
        try:
            found.columns = read_columns(connection, found.path, found.label, found.feed.format)
        except FileProblem as problem:
            batch.problems.append(problem.message)
            continue
        if not found.columns:
            batch.problems.append(
                f"{found.label}: the file is empty, without even a header. Export it again, or "
                "remove it."
            )
            continue
        names = [column.name for column in found.columns]
        batch.problems += check_header(found.feed, names, found.label)
        lacking = tuple(absent_columns(found.feed, names))
        if lacking:
            absent.setdefault((found.feed.name, lacking), []).append(found.label)
    for (name, lacking), labels in absent.items():
        files = labels[0] if len(labels) == 1 else f"{labels[0]} and {len(labels) - 1} more"
        batch.notices.append(f"{name}: {files} without {', '.join(lacking)}; loaded as empty.")
