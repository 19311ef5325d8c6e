"""Writes the Parquet files of a build, one per part of a mart.

A part that did not change is a hard link to the last release's file. Rows are written in the order
of the mart's key and nothing else goes into a file, no time and no run id, so the same content
gives the same bytes whatever order it was loaded in. This holds for one version of DuckDB, whatever
the number of threads.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing.content import NO_MONTH, WHOLE, part_filter, quote, text
from orchestration.publishing.marts import Mart
from orchestration.publishing.writer import Plan, Previous, finish_file, order_by, table

PARQUET_FOLDER = "parquet"


def write_parquet(
    connection: duckdb.DuckDBPyConnection,
    build: Path,
    marts: dict[str, Mart],
    work: Plan,
    previous: Previous | None,
) -> dict[str, list[dict[str, Any]]]:
    """Write or link the Parquet files of a build, one per part of a mart.

    Args:
        connection: Connection with the build's DuckDB file attached and filled.
        build: Folder of the build.
        marts: Marts to publish, by name.
        work: What to write.
        previous: Last release, whose files unchanged parts are linked to.

    Returns:
        Manifest entries of the files by mart: part, path, rows, checksum, bytes, sha256, and
        `linked` where the file is the last release's own.
    """
    files: dict[str, list[dict[str, Any]]] = {}
    for name, mart in marts.items():
        folder = build / PARQUET_FOLDER / name
        folder.mkdir(parents=True)
        files[name] = []
        for part, content in work.content[name].items():
            path = folder / parquet_name(mart, part)
            entry = {"part": part, "path": path.relative_to(build).as_posix()}
            if part in work.kept[name] and previous is not None:
                known = previous.file(mart, part)
                if _link(previous.path / known["path"], path, known["bytes"]):
                    files[name].append({**known, **entry, "linked": True})
                    continue
            columns = ", ".join(quote(column) for column in mart.column_names)
            connection.execute(
                f"copy (select {columns} from {table(name)} where {part_filter(part)} "
                f"order by {order_by(mart)}) to {text(str(path))} "
                "(format parquet, compression snappy, row_group_size 122880)"
            )
            finish_file(path)
            files[name].append(
                {
                    **entry,
                    "rows": content.rows,
                    "checksum": content.checksum,
                    "bytes": path.stat().st_size,
                    "sha256": _sha256(path),
                    "linked": False,
                }
            )
    return files


def parquet_name(mart: Mart, part: str) -> str:
    """Return the file name of a part: the mart's name, and the month where it has one."""
    if part == WHOLE:
        return f"{mart.name}.parquet"
    return f"{mart.name}.{'no-month' if part == NO_MONTH else part}.parquet"


def _link(source: Path, target: Path, size: int) -> bool:
    """Link a file of the last release; False where it is not there or the system refuses."""
    try:
        if source.stat().st_size != size:
            return False
        os.link(source, target)
    except OSError:
        return False
    return True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
