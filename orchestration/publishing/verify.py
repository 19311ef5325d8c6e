"""Asks a finished build whether it holds what the warehouse holds, reading it as readers will."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing.content import Content, count_rows, quote, read_content, text
from orchestration.publishing.errors import PublishError
from orchestration.publishing.marts import Mart
from orchestration.publishing.shelf import DUCKDB_FILE


def verify(
    build: Path,
    marts: dict[str, Mart],
    content: dict[str, dict[str, Content]],
    *,
    files: dict[str, list[dict[str, Any]]],
    untouched: dict[str, set[str]],
    settings: dict[str, Any],
) -> None:
    """Compare warehouse, DuckDB file and Parquet files of a build.

    Everything that was written is read back and compared by checksum. What was taken over from the
    last release was verified there: a hard-linked Parquet file is the same file, and the copied
    part of a table that only grew at its end is counted, not summed again (DuckDB itself refuses a
    block whose bytes changed). A table in which anything was deleted is read whole.

    Args:
        build: Folder of the build; its DuckDB file is closed.
        marts: Marts published, by name.
        content: What the warehouse holds of each mart by part.
        files: Manifest entries of the Parquet files by mart.
        untouched: Parts of each mart that were copied with the last release's DuckDB file.
        settings: DuckDB settings such as memory limit and threads.

    Raises:
        PublishError: The file does not open read-only, or a table or file differs.
    """
    path = build / DUCKDB_FILE
    try:
        connection = duckdb.connect(str(path), read_only=True, config=settings)
    except duckdb.Error as error:
        raise PublishError(
            f"The new DuckDB file does not open read-only ({error}). Nothing was published; run "
            "again, and check the disk if it happens twice."
        ) from error
    with connection:
        connection.execute("set enable_progress_bar = false")
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'main'"
        ).fetchall()
        _compare("tables of the DuckDB file", set(marts), {name for (name,) in tables})
        for name, mart in marts.items():
            relation = f"main.{quote(name)}"
            _compare_columns(connection, relation, mart, f"table {name} of the DuckDB file")
            _verify_table(connection, relation, mart, content[name], untouched[name])
            new = [file for file in files[name] if not file["linked"]]
            if new:
                paths = ", ".join(text(str(build / file["path"])) for file in new)
                relation = f"read_parquet([{paths}], hive_partitioning = false)"
                _compare_columns(connection, relation, mart, f"Parquet of {name}")
                expected = {file["part"]: content[name][file["part"]] for file in new}
                found = read_content(connection, relation, mart)
                _compare(f"Parquet of {name}", expected, found)


def _verify_table(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    mart: Mart,
    expected: dict[str, Content],
    untouched: set[str],
) -> None:
    what = f"table {mart.name} of the DuckDB file"
    if untouched:
        counts = {part: content.rows for part, content in expected.items()}
        _compare(what, counts, count_rows(connection, relation, mart))
    written = {part: content for part, content in expected.items() if part not in untouched}
    if written:
        parts = set(written) if untouched else None
        _compare(what, written, read_content(connection, relation, mart, parts))


def _compare(what: str, expected: Any, found: Any) -> None:
    if expected != found:
        raise PublishError(
            f"The {what} is not what the warehouse holds: {_difference(expected, found)}. Nothing "
            "was published; run again, and check the disk if it happens twice."
        )


def _difference(expected: Any, found: Any) -> str:
    if isinstance(expected, dict):
        wrong = [part for part in {**expected, **found} if expected.get(part) != found.get(part)]
        return "; ".join(
            f"part {part}: expected {_say(expected.get(part))}, found {_say(found.get(part))}"
            for part in sorted(wrong)[:3]
        )
    missing, extra = sorted(set(expected) - set(found)), sorted(set(found) - set(expected))
    return f"missing {missing}, unexpected {extra}"


def _say(content: Content | int | None) -> str:
    if isinstance(content, Content):
        return f"{content.rows} rows (sum {content.checksum})"
    return "nothing" if content is None else f"{content} rows"


def _compare_columns(
    connection: duckdb.DuckDBPyConnection, relation: str, mart: Mart, what: str
) -> None:
    described = connection.execute(f"describe select * from {relation}").fetchall()
    found = [(row[0], row[1]) for row in described]
    expected = [(column.name, column.type) for column in mart.columns]
    if found != expected:
        raise PublishError(
            f"The columns of {what} are {found}, not {expected} as in the warehouse. Nothing was "
            "published; cast the columns that differ in the model."
        )
