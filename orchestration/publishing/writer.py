"""Writes the DuckDB file of a build.

What did not change since the last release is not written again. The file starts as a copy of the
last one where that saves work, and only changed parts are replaced in it; where little can be kept
it is written anew.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing.content import (
    Content,
    part_filter,
    parts_filter,
    quote,
    text,
)
from orchestration.publishing.marts import Mart

RELEASE = "kaw_release"
# Below this many rows that could be kept, a fresh file costs next to nothing and has no gaps.
MIN_ROWS_KEPT = 1_000_000
# A copied file that has grown beyond this many times its bytes per row when last written whole is
# written whole again: replaced months leave gaps and compress less well.
MAX_GROWTH = 1.6
_COPY_BYTES = 1 << 30
_READ_BYTES = 1 << 20


@dataclass(frozen=True)
class Previous:
    """The last release, as far as its files can be used again.

    Attributes:
        path: Its folder.
        manifest: Its manifest.
    """

    path: Path
    manifest: dict[str, Any]

    def content(self, mart: Mart) -> dict[str, Content]:
        """Return what the release holds of a mart by part; empty if its columns differ."""
        known = self.manifest["marts"].get(mart.name)
        columns = [[column.name, column.type] for column in mart.columns]
        if (
            known is None
            or [[column["name"], column["type"]] for column in known["columns"]] != columns
            or known["key"] != list(mart.key)
            or known["is_monthly"] != mart.is_monthly
        ):
            return {}
        return {file["part"]: Content(file["rows"], file["checksum"]) for file in known["files"]}

    def file(self, mart: Mart, part: str) -> dict[str, Any]:
        """Return the manifest entry of the Parquet file of a part."""
        files = self.manifest["marts"][mart.name]["files"]
        return next(dict(file) for file in files if file["part"] == part)


@dataclass(frozen=True)
class Plan:
    """What has to be written.

    Attributes:
        content: Content of every mart by part, as the warehouse has it.
        kept: Parts of every mart that the last release holds unchanged.
        copy_file: Whether the DuckDB file starts as a copy of the last release's.
    """

    content: dict[str, dict[str, Content]]
    kept: dict[str, set[str]]
    copy_file: bool


def plan(
    marts: dict[str, Mart], content: dict[str, dict[str, Content]], previous: Previous | None
) -> Plan:
    """Decide what can be kept from the last release.

    Args:
        marts: Marts to publish, by name.
        content: What the warehouse holds of each, by part.
        previous: The last release, or None if there is none to build upon.
    """
    kept: dict[str, set[str]] = {}
    for name, mart in marts.items():
        old = previous.content(mart) if previous else {}
        kept[name] = {part for part, now in content[name].items() if old.get(part) == now}
    rows_kept = sum(content[name][part].rows for name, parts in kept.items() for part in parts)
    rows = sum(part.rows for parts in content.values() for part in parts.values())
    copy_file = previous is not None and rows_kept >= max(MIN_ROWS_KEPT, rows // 2)
    if copy_file and previous is not None:
        file = previous.manifest["duckdb_file"]
        old_rows = sum(mart["row_count"] for mart in previous.manifest["marts"].values())
        copy_file = file["bytes"] <= MAX_GROWTH * file["whole_bytes_per_row"] * max(old_rows, 1)
    return Plan(content, kept, copy_file)


def copy_previous_file(source: Path, target: Path) -> None:
    """Copy a DuckDB file inside the kernel; file systems that can share blocks do.

    Raises:
        OSError: Reading or writing failed, such as a full disk.
    """
    with source.open("rb") as reader, target.open("wb") as writer:
        try:
            while os.copy_file_range(reader.fileno(), writer.fileno(), _COPY_BYTES):
                pass
        except OSError:
            # Some network file systems refuse it; start again by plain reads.
            reader.seek(0)
            writer.seek(0)
            writer.truncate()
            shutil.copyfileobj(reader, writer, _READ_BYTES)


def write_tables(
    connection: duckdb.DuckDBPyConnection,
    marts: dict[str, Mart],
    source_schema: str,
    work: Plan,
    previous: Previous | None,
) -> dict[str, set[str]]:
    """Bring the tables of the build's DuckDB file, attached as `RELEASE`, up to the warehouse.

    Args:
        connection: Connection with warehouse and build attached.
        marts: Marts to publish, by name.
        source_schema: SQL prefix of the marts in the warehouse, such as `"key_accounts"."marts"`.
        work: What to write.
        previous: Last release, whose file the build is a copy of if the plan says so.

    Returns:
        By mart, the parts that still lie where the last release had them: nothing was written or
        deleted in the table but what was added at its end.
    """
    untouched: dict[str, set[str]] = {}
    existing = set(previous.manifest["marts"]) if work.copy_file and previous else set()
    for name in sorted(existing - set(marts)):
        connection.execute(f"drop table {table(name)}")
    for name, mart in marts.items():
        parts = work.content[name]
        old_parts = set(previous.content(mart)) if previous and name in existing else set()
        kept = work.kept[name] & old_parts
        source = f"{source_schema}.{quote(name)}"
        rows_kept = sum(parts[part].rows for part in kept)
        if not old_parts or 2 * rows_kept < sum(content.rows for content in parts.values()):
            _create_whole(connection, mart, source)
            untouched[name] = set()
        else:
            _replace_parts(connection, mart, source, set(parts) - kept, old_parts - kept)
            untouched[name] = kept if old_parts == kept else set()
    # One transaction: each statement on its own would wait for the disk, hundreds of times.
    connection.execute("begin")
    for mart in marts.values():
        _comment(connection, mart)
    connection.execute("commit")
    return untouched


def table(name: str) -> str:
    """Return the SQL name of a mart in the build's DuckDB file."""
    return f"{RELEASE}.main.{quote(name)}"


def _create_whole(connection: duckdb.DuckDBPyConnection, mart: Mart, source: str) -> None:
    columns = ", ".join(quote(name) for name in mart.column_names)
    # A large fact is left in the warehouse's order, which is by month already: sorting tens of
    # millions of lines would take most of the memory allowed and no reader may rely on it.
    order = "" if mart.is_monthly else f" order by {order_by(mart)}"
    connection.execute(
        f"create or replace table {table(mart.name)} as select {columns} from {source}{order}"
    )


def _replace_parts(
    connection: duckdb.DuckDBPyConnection,
    mart: Mart,
    source: str,
    to_insert: set[str],
    to_delete: set[str],
) -> None:
    columns = ", ".join(quote(name) for name in mart.column_names)
    for part in sorted(to_delete):
        connection.execute(f"delete from {table(mart.name)} where {part_filter(part)}")
    if to_insert:
        condition = parts_filter(to_insert)
        connection.execute(
            f"insert into {table(mart.name)} select {columns} from {source} where {condition}"
        )


def _comment(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    """Write descriptions into the file, where a reader's tool shows them beside the columns."""
    connection.execute(f"comment on table {table(mart.name)} is {_comment_text(mart.description)}")
    for column in mart.columns:
        connection.execute(
            f"comment on column {table(mart.name)}.{quote(column.name)} "
            f"is {_comment_text(column.description)}"
        )


def _comment_text(description: str) -> str:
    return text(description) if description else "null"


def order_by(mart: Mart) -> str:
    """Return the ORDER BY list that fixes the order of a mart's rows in a file."""
    return ", ".join(f"{quote(name)} asc nulls first" for name in mart.order_columns)


def finish_file(path: Path) -> None:
    """Force a data file to disk and take away the right to write it, so a release stays as it is.

    A tool that opens the DuckDB file for writing, as several do by default, is refused instead of
    locking out every other reader.
    """
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.chmod(0o444)
