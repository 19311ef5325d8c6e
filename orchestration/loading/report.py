"""What a load did: one result per file and table, and their totals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

FileStatus = Literal["loaded", "known", "superseding", "superseded", "refused"]


@dataclass(frozen=True)
class FileResult:
    """What became of one file for one table it feeds.

    Attributes:
        source: ledger or crm.
        table: Contract table.
        file_name: Path below the extracts folder.
        status: loaded (new), known (same bytes and mapping as before: nothing done), superseding
            (a correction that took the place of an earlier delivery), superseded (a delivery older
            than the current one: kept in raw, not counted) or refused.
        line_count: Data records in the file.
        loaded: Records accepted.
        rejected: Records refused.
        duplicates: Records that repeat another one exactly, kept or dropped.
        file_id: Number of the file in raw_meta.extract_files; None where it was not recorded.
    """

    source: str
    table: str
    file_name: str
    status: FileStatus
    line_count: int = 0
    loaded: int = 0
    rejected: int = 0
    duplicates: int = 0
    file_id: int | None = None


@dataclass(frozen=True)
class LoadTotals:
    """Sums over the files of a batch; records of a flat file count once, not once per table."""

    file_count: int
    new_file_count: int
    line_count: int
    loaded: int
    rejected: int
    duplicates: int


@dataclass
class LoadReport:
    """What one batch did.

    Attributes:
        batch_id: Number of the batch in raw_meta.load_batches.
        files: One result per file and table it feeds, in loading order.
        notices: Things worth knowing that stopped nothing.
        erased_rows: Rows of raw tables changed by the list of erasures.
    """

    batch_id: int
    files: list[FileResult] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    erased_rows: int = 0

    @property
    def totals(self) -> LoadTotals:
        """Sums over all files."""
        by_file: dict[str, FileResult] = {}
        for result in self.files:
            best = by_file.get(result.file_name)
            if best is None or result.line_count > best.line_count:
                by_file[result.file_name] = result
        new = [result for result in by_file.values() if result.status != "known"]
        return LoadTotals(
            file_count=len(by_file),
            new_file_count=len(new),
            line_count=sum(result.line_count for result in new),
            loaded=sum(result.loaded for result in new),
            rejected=sum(result.rejected for result in new),
            duplicates=sum(result.duplicates for result in new),
        )

    @property
    def has_changes(self) -> bool:
        """True where anything new reached the warehouse."""
        return any(result.status not in ("known", "refused") for result in self.files)
