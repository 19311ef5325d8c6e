"""The record of one run: what happened, how long each part took, what stopped it.

Written to `<home>/runs/<run_id>.json` whichever way the run was started. Filled by the assets as
they run, read by the command line and the benchmarks.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# Called with (stage, message) as the run goes along; the command line shows it.
Listener = Callable[[str, str], None]


@dataclass
class Problem:
    """One reason why a run stopped, or one warning.

    Attributes:
        stage: Part of the run: load, door, dbt, window, publish or report.
        name: Name of the check or of the file concerned.
        description: What is wrong, in a sentence.
        rows: Sample of the offending rows.
        advice: What to do.
        is_warning: True where the run went on.
    """

    stage: str
    name: str
    description: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    advice: str = ""
    is_warning: bool = False


@dataclass
class Span:
    """When one part of a run was under way; a part that comes back has a span each time.

    Attributes:
        stage: Part of the run, as in the record's `seconds`.
        started_at: Start in UTC, ISO form, to the millisecond.
        seconds: Wall time.
    """

    stage: str
    started_at: str
    seconds: float


@dataclass
class RunRecord:
    """What a run did.

    Attributes:
        run_id: Dagster's run id.
        started_at: Start in UTC, ISO form.
        status: running, published, current, failed, or partial for a run of some assets only.
        options: as_of, mapping, extracts, full_refresh, fingerprint and code version.
        seconds: Wall time by stage: imports, load, door, dbt, window, publish, report,
            orchestration.
        spans: When each stage was under way, in the order they ended.
        facts: Counts by stage, such as files and rows loaded.
        problems: What stopped the run, and warnings.
        release: Id of the release published.
        failed_stage: Stage that raised an error, expected or not.
    """

    run_id: str = ""
    started_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    status: str = "running"
    options: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    release: str | None = None
    failed_stage: str | None = None

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the wall time of a block to a stage, and remember the stage if the block fails."""
        began, start = datetime.now(UTC).isoformat(timespec="milliseconds"), time.perf_counter()
        try:
            yield
        except Exception:
            self.failed_stage = stage
            raise
        finally:
            spent = time.perf_counter() - start
            self.seconds[stage] = round(self.seconds.get(stage, 0.0) + spent, 3)
            self.spans.append(Span(stage, began, round(spent, 3)))

    @property
    def failures(self) -> list[Problem]:
        """Problems that stopped the run."""
        return [problem for problem in self.problems if not problem.is_warning]

    @property
    def warnings(self) -> list[Problem]:
        """Problems that did not."""
        return [problem for problem in self.problems if problem.is_warning]

    def write(self, folder: Path) -> Path:
        """Write the record as JSON and return its file; a reader never sees half of it."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.run_id}.json"
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(self), indent=2, default=str, ensure_ascii=False))
        os.replace(partial, path)
        return path


def read_records(folder: Path, limit: int = 10) -> list[dict[str, Any]]:
    """Return the latest run records of a home, newest first.

    Args:
        folder: The home's runs folder, which may be absent.
        limit: Most records returned.
    """
    records = [json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")]
    records = [record for record in records if "started_at" in record]
    return sorted(records, key=lambda record: record["started_at"], reverse=True)[:limit]


# The run under way in this process, if the command line started it. Dagster builds its resources
# itself, so the record and the listener reach the assets this way; a run started by the Dagster UI
# finds none and makes its own.
_current: list[tuple[RunRecord, Listener]] = []


@contextmanager
def observed(record: RunRecord, listener: Listener) -> Iterator[None]:
    """Let the run started inside the block fill `record` and tell `listener`."""
    _current.append((record, listener))
    try:
        yield
    finally:
        _current.pop()


def current_observer() -> tuple[RunRecord, Listener]:
    """Return the record and listener of the run under way, or new ones where nobody observes."""
    return _current[-1] if _current else (RunRecord(), lambda _stage, _message: None)
