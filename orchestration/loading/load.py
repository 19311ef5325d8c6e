"""Loads a folder of extracts: one batch, one transaction a file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.loading import books
from orchestration.loading.contract import Contract
from orchestration.loading.discovery import find_files
from orchestration.loading.errors import FileProblem, LoadError
from orchestration.loading.file_loader import FileLoader, file_results, now_utc
from orchestration.loading.intake import Intake
from orchestration.loading.mapping import Feed, Mapping, resolve_feeds
from orchestration.loading.report import LoadReport
from orchestration.loading.schema import create_raw_tables


def load_extracts(
    connection: duckdb.DuckDBPyConnection,
    extracts: Path,
    mapping: Mapping,
    contract: Contract,
    *,
    progress: Callable[[str], None] | None = None,
) -> LoadReport:
    """Load every extract that is new, and leave alone what is known.

    Every file's name and header are checked before any file is loaded. Then each file is loaded in
    a transaction of its own, with all tables it feeds: after a crash it is there whole or not at
    all. A refused file leaves its refused rows in raw_meta; the other files of the batch are still
    tried, so that one run reports every problem, and LoadError is raised at the end.

    Args:
        connection: Open connection to the warehouse, allowed to write, with no open transaction.
            Its memory limit holds; decoded copies of files go to its temp_directory.
        extracts: Folder of the extracts.
        mapping: The company's mapping.
        contract: The contract.
        progress: Called with a short line as each file begins.

    Returns:
        What was done.

    Raises:
        LoadError: If a file or the folder is not as it must be; lists every problem found.
        MappingError: If the mapping does not fit the contract.
    """
    feeds = resolve_feeds(mapping, contract)
    create_raw_tables(connection, contract)
    batch_id = books.start_batch(connection, now_utc())
    report = LoadReport(batch_id)
    try:
        problems = _load_batch(connection, extracts, feeds, report, progress or (lambda _: None))
    except BaseException as error:
        message = str(error) or type(error).__name__
        books.finish_batch(connection, batch_id, "failed", now_utc(), message)
        raise
    if problems:
        books.finish_batch(connection, batch_id, "failed", now_utc(), "\n".join(problems))
        raise LoadError(problems)
    status = "loaded" if report.has_changes else "nothing_new"
    books.finish_batch(connection, batch_id, status, now_utc())
    return report


def _load_batch(
    connection: duckdb.DuckDBPyConnection,
    extracts: Path,
    feeds: list[Feed],
    report: LoadReport,
    progress: Callable[[str], None],
) -> list[str]:
    with _settings(connection), tempfile.TemporaryDirectory(dir=_work_folder(connection)) as work:
        batch = find_files(connection, extracts, feeds)
        report.notices += batch.notices
        if batch.problems:
            return batch.problems
        problems: list[str] = []
        for found in batch.files:
            if found.known:
                report.files += file_results(found, "known", Intake(), None)
                continue
            progress(f"loading {found.label}")
            with tempfile.TemporaryDirectory(dir=work) as folder:
                loader = FileLoader(connection, found, report, Path(folder))
                try:
                    loader.load()
                except FileProblem as problem:
                    loader.refuse()
                    problems.append(problem.message)
                finally:
                    loader.discard()
        return problems


@contextmanager
def _settings(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Keep rows in file order while loading: their order is their line number."""
    row = connection.execute("select current_setting('preserve_insertion_order')").fetchone()
    before = bool(row[0]) if row else True
    connection.execute("set preserve_insertion_order = true")
    try:
        yield
    finally:
        connection.execute(f"set preserve_insertion_order = {str(before).lower()}")


def _work_folder(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return DuckDB's own temporary folder, made if need be, or None for the system's."""
    row = connection.execute("select current_setting('temp_directory')").fetchone()
    if not row or not row[0] or row[0] == ".tmp":
        return None
    Path(row[0]).mkdir(parents=True, exist_ok=True)
    return str(row[0])
