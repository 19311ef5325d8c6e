"""Kept results of the benchmarks, and the ratios taken from them.

A file of results is one company on one machine; a ratio never crosses from one file to another.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Above this share of the processors taken by other work, a step is marked.
BUSY = 0.1
# Stages that check and make nothing; dbt's tests are counted beside them.
CHECKING = ("door", "window")
_FORMATS = {"csv.gz": "CSV, gzip", "csv": "CSV", "parquet": "Parquet"}
_KINDS = ("ledger", "sample", "curve-lines", "curve-customers")


@dataclass(frozen=True)
class Result:
    """What was measured with one company.

    Attributes:
        name: Name of the case.
        kind: ledger, sample, curve-lines or curve-customers.
        scale: Size of the sample; None for the real ledger.
        file_format: csv.gz, csv or parquet.
        lines: Invoice lines of the extracts.
        customers: Customers of the sample; None for the real ledger.
        crowd: The same where they were asked for, and did not follow from the scale.
        measured_on: Day, ISO.
        machine: What the figures depend on, by name.
        rows: What each step took, by kind.
        failed: Exit status of each step that ended badly, by kind; below zero a signal.
    """

    name: str
    kind: str
    scale: float | None
    file_format: str
    lines: int | None
    customers: int | None
    crowd: int | None
    measured_on: str
    machine: dict[str, str]
    rows: dict[str, dict[str, Any]]
    failed: dict[str, int]

    @property
    def title(self) -> str:
        """The company in words."""
        if self.scale is None:
            return "real ledger, CSV"
        crowd = "" if self.crowd is None else f", {self.crowd:,} customers"
        return f"sample {self.scale:g}x, {_FORMATS[self.file_format]}{crowd}"

    @property
    def is_busy(self) -> bool:
        """Whether the machine had other work when a step that the page shows began."""
        shown = (row for kind, row in self.rows.items() if kind != "generate")
        return any(row["busy_before"] > BUSY for row in shown)

    def wall(self, kind: str) -> float | None:
        """Return the wall seconds of a step, or None where it was not measured."""
        return self._value(kind, "wall_seconds")

    def over_floor(self, kind: str, what: str = "wall_seconds") -> float | None:
        """Return a step's time divided by the floor's.

        Args:
            kind: The step.
            what: wall_seconds or cpu_seconds.
        """
        return _divide(self._value(kind, what), self._value("floor", what))

    def per_million_lines(self, kind: str) -> float | None:
        """Return a step's wall seconds for each million invoice lines."""
        return _divide(self.wall(kind), self.lines / 1e6 if self.lines else None)

    @property
    def month_share(self) -> float | None:
        """Time of the run that adds one month, divided by that of the first run."""
        return _divide(self.wall("month"), self.wall("first"))

    @property
    def check_share(self) -> float | None:
        """Share of the first run's time that goes to checks at the door, in dbt, at the window."""
        row = self.rows.get("first")
        if row is None:
            return None
        staged = sum(row["stages"].get(stage, {}).get("wall", 0.0) for stage in CHECKING)
        return _divide(staged + row["test_seconds"], row["wall_seconds"])

    def load_over(self, kind: str) -> float | None:
        """Return the time of the first run's load, divided by that of a step."""
        load = self.rows.get("first", {}).get("stages", {}).get("load", {}).get("wall")
        return _divide(load, self.wall(kind))

    def _value(self, kind: str, what: str) -> float | None:
        row = self.rows.get(kind)
        return None if row is None else float(row[what])


def read_results(folder: Path) -> list[Result]:
    """Return the results kept in a folder: by kind of company, then from the smallest up.

    Args:
        folder: Folder of JSON files, one a case; those without a case are left out.
    """
    contents = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")]
    found = [_result(content) for content in contents if "case" in content]
    formats = list(_FORMATS)
    return sorted(
        found,
        key=lambda result: (
            _KINDS.index(result.kind),
            result.scale or 0,
            result.customers or 0,
            formats.index(result.file_format),
        ),
    )


def of_kind(results: list[Result], kind: str) -> Iterator[Result]:
    """Yield the results of one kind of company."""
    return (result for result in results if result.kind == kind)


def _result(content: dict[str, Any]) -> Result:
    return Result(
        name=content["case"],
        kind=content["kind"],
        scale=content["scale"],
        file_format=content["format"],
        lines=content.get("lines"),
        customers=content.get("customers"),
        crowd=content.get("crowd"),
        measured_on=content["measured_on"],
        machine=content["machine"],
        rows={row["kind"]: row for row in content["rows"]},
        failed=content["failed"],
    )


def _divide(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else part / whole
