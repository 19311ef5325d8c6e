"""Loads a folder of extracts: one batch, one transaction a file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb

from orchestration.loading import books
from orchestration.loading.contract import Contract
from orchestration.loading.discovery import FoundFile, find_files, slot
from orchestration.loading.errors import FileProblem, LoadError
from orchestration.loading.intake import REFUSALS, FileIntake, Intake
from orchestration.loading.mapping import Feed, Mapping, resolve_feeds
from orchestration.loading.plan import build_plan
from orchestration.loading.readers import open_file
from orchestration.loading.report import FileResult, LoadReport
from orchestration.loading.schema import create_raw_tables

_SHOWN_REJECTS = 5


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
    batch_id = books.start_batch(connection, _now())
    report = LoadReport(batch_id)
    try:
        problems = _load_batch(connection, extracts, feeds, report, progress or (lambda _: None))
    except BaseException as error:
        message = str(error) or type(error).__name__
        books.finish_batch(connection, batch_id, "failed", _now(), message)
        raise
    if problems:
        books.finish_batch(connection, batch_id, "failed", _now(), "\n".join(problems))
        raise LoadError(problems)
    status = "loaded" if report.has_changes else "nothing_new"
    books.finish_batch(connection, batch_id, status, _now())
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
        on_disk = {found.label for found in batch.files}
        for found in batch.files:
            if found.known:
                report.files += _results(found, "known", Intake(), None)
                continue
            progress(f"loading {found.label}")
            with tempfile.TemporaryDirectory(dir=work) as folder:
                loader = _FileLoader(connection, found, report, Path(folder), on_disk)
                try:
                    loader.load()
                except FileProblem as problem:
                    loader.refuse()
                    problems.append(problem.message)
                finally:
                    loader.discard()
        return problems


class _FileLoader:
    """Loads one file."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        found: FoundFile,
        report: LoadReport,
        work: Path,
        on_disk: set[str],
    ) -> None:
        self.connection = connection
        self.found = found
        self.report = report
        self.work = work
        self.on_disk = on_disk
        self.file_id = books.next_file_id(connection)
        self.intake: FileIntake | None = None
        self.result = Intake()

    def load(self) -> None:
        """Read, check and write the file; raises FileProblem where it is refused."""
        found, feed = self.found, self.found.feed
        opened = open_file(
            found.path, found.label, feed.format, found.columns, self.work, self.connection
        )
        self.result.line_count = opened.record_count
        if not opened.record_count and feed.is_required and not feed.settings.allow_empty:
            raise FileProblem(
                f"{found.label}: holds a header but no rows. Export it again, or, if the period had "
                "none, set `allow_empty: true` for it in the mapping."
            )
        plan = build_plan(self.connection, feed, opened.source, found.label)
        self.intake = FileIntake(self.connection, feed, plan, opened, found.label)
        self.result = self.intake.read()
        self._check_tolerance()
        with _transaction(self.connection):
            self.intake.write_rows(self.file_id)
            statuses = [
                books.record_delivery(self.connection, delivery, partial(slot, feed), self.on_disk)
                for delivery in self._deliveries()
            ]
            self._record_rejected_rows()
        status = statuses[0]
        self.report.files += _results(found, status, self.result, self.file_id)
        self._notice(status, opened.record_count)

    def refuse(self) -> None:
        """Record the file as refused, with the rows that were refused."""
        with _transaction(self.connection):
            for delivery in self._deliveries():
                books.record_refusal(self.connection, replace(delivery, loaded_count=0))
            if self.intake is not None:
                self._record_rejected_rows()
        refused = replace(self.result, rejected_count=self.result.rejected_count)
        self.report.files += _results(self.found, "refused", refused, self.file_id)

    def discard(self) -> None:
        """Drop what the file left in the session."""
        if self.intake is not None:
            self.intake.discard()

    def _check_tolerance(self) -> None:
        result, tolerance = self.result, self.found.feed.settings.tolerance
        lines = max(result.line_count, 1)
        if (
            result.key_rejects <= tolerance.keys * lines
            and result.other_rejects <= tolerance.other * lines
        ):
            return
        rows = self.connection.execute(
            f"select line, column_name, value, reason from {REFUSALS} where not is_policy "
            f"order by line, column_name limit {_SHOWN_REJECTS}"
        ).fetchall()
        refused = result.key_rejects + result.other_rejects
        first = "; ".join(
            f"line {line}{f', column {column}' if column else ''}: "
            f"{repr(value) if value is not None else 'the value'} {reason}"
            for line, column, value, reason in rows
        )
        raise FileProblem(
            f"{self.found.label}: {refused} of {result.line_count} lines do not fit the contract, "
            f"more than is tolerated (keys {tolerance.keys:.2%}, other {tolerance.other:.2%}). "
            f"{first}. All are in raw_meta.rejected_rows. Correct the file or the mapping, or "
            "raise `tolerance` for it in the mapping."
        )

    def _deliveries(self) -> Iterator[books.Delivery]:
        found, result = self.found, self.result
        start, end = found.name.period_start, found.name.period_end
        if start is None:
            start, end = books.month_span(result.first_day, result.last_day)
        for target in found.feed.targets:
            yield books.Delivery(
                file_id=self.file_id,
                table=target.table,
                file_name=found.label,
                content_hash=found.content_hash,
                mapping_hash=found.feed.mapping_hash,
                name=found.name,
                batch_id=self.report.batch_id,
                loaded_at=_now(),
                line_count=result.line_count,
                loaded_count=result.line_count - result.rejected_count,
                rejected_count=result.rejected_count,
                duplicate_count=result.duplicate_count,
                period_start=start,
                period_end=end,
                complete_through=books.completeness(found.feed, found.name, result.last_day, end),
            )

    def _record_rejected_rows(self) -> None:
        for target in self.found.feed.targets:
            self.connection.execute(
                "insert into raw_meta.rejected_rows (file_id, source_name, table_name, file_name, "
                "line_number, column_name, value, reason, batch_id) select ?, ?, ?, ?, line, "
                f"column_name, value, reason, ? from {REFUSALS}",
                [
                    self.file_id,
                    target.table.source,
                    target.table.name,
                    self.found.label,
                    self.report.batch_id,
                ],
            )

    def _notice(self, status: str, records: int) -> None:
        label, name = self.found.label, self.found.name
        if not records:
            self.report.notices.append(f"{label} holds a header but no rows.")
        if status == "superseded":
            self.report.notices.append(
                f"{label} is older than the delivery already loaded for its period; it was kept in "
                "raw and does not count."
            )
        first, last = self.result.first_day, self.result.last_day
        if (
            first
            and last
            and name.period_start
            and name.period_end
            and not (name.period_start <= first and last < name.period_end)
        ):
            self.report.notices.append(
                f"{label} holds dates outside the period in its name ({first} to {last})."
            )


def _results(
    found: FoundFile, status: str, result: Intake, file_id: int | None
) -> list[FileResult]:
    return [
        FileResult(
            source=target.table.source,
            table=target.table.name,
            file_name=found.label,
            status=status,  # type: ignore[arg-type]
            line_count=result.line_count,
            loaded=0 if status == "refused" else result.line_count - result.rejected_count,
            rejected=result.rejected_count,
            duplicates=result.duplicate_count,
            file_id=file_id,
        )
        for target in found.feed.targets
    ]


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.execute("begin")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


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


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
