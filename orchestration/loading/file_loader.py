"""Loads one file: opens it, takes it in, and writes it with its books in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb

from orchestration.loading import books
from orchestration.loading.discovery import FoundFile, slot
from orchestration.loading.errors import FileProblem
from orchestration.loading.intake import REFUSALS, FileIntake, Intake
from orchestration.loading.plan import build_plan
from orchestration.loading.readers import open_file
from orchestration.loading.report import FileResult, LoadReport

_SHOWN_REJECTS = 5


class FileLoader:
    """Loads one file."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        found: FoundFile,
        report: LoadReport,
        work: Path,
    ) -> None:
        """Give the file its number; nothing is read yet."""
        self.connection = connection
        self.found = found
        self.report = report
        self.work = work
        self.file_id = books.next_file_id(connection)
        self.intake: FileIntake | None = None
        self.result = Intake()

    def load(self) -> None:
        """Read, check and write the file; raises FileProblem where it is refused."""
        found, feed = self.found, self.found.feed
        opened = open_file(
            found.path,
            found.label,
            feed.format,
            columns=found.columns,
            work=self.work,
            connection=self.connection,
        )
        self.result.line_count = opened.record_count
        if not opened.record_count and feed.is_required and not feed.settings.allow_empty:
            raise FileProblem(
                f"{found.label}: holds a header but no rows. Export it again, or, if the period "
                "had none, set `allow_empty: true` for it in the mapping."
            )
        plan = build_plan(self.connection, feed, opened.source, found.label)
        self.intake = FileIntake(self.connection, feed, plan, opened, found.label)
        self.result = self.intake.read()
        self._check_tolerance()
        with _transaction(self.connection):
            self.intake.write_rows(self.file_id)
            statuses = [
                books.record_delivery(self.connection, delivery, partial(slot, feed))
                for delivery in self._deliveries()
            ]
            self._record_rejected_rows()
        status = statuses[0]
        self.report.files += file_results(found, status, self.result, self.file_id)
        self._notice(status, opened.record_count)

    def refuse(self) -> None:
        """Record the file as refused, with the rows that were refused."""
        with _transaction(self.connection):
            for delivery in self._deliveries():
                books.record_refusal(self.connection, replace(delivery, loaded_count=0))
            if self.intake is not None:
                self._record_rejected_rows()
        self.report.files += file_results(self.found, "refused", self.result, self.file_id)

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
                loaded_at=now_utc(),
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
        label = self.found.label
        if not records:
            self.report.notices.append(f"{label} holds a header but no rows.")
        if status == "superseded":
            self.report.notices.append(
                f"{label} is older than the delivery already loaded for its period; it was kept in "
                "raw and does not count."
            )


def file_results(
    found: FoundFile, status: str, result: Intake, file_id: int | None
) -> list[FileResult]:
    """Return one result for each table the file feeds."""
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


def now_utc() -> datetime:
    """Return the moment, in UTC, as the books keep it."""
    return datetime.now(UTC).replace(tzinfo=None)
