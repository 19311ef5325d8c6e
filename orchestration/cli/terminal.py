"""What a run looks like on a terminal: progress while it runs, a few readable lines at its end.

On a terminal one line per stage is rewritten as the stage goes on; elsewhere (a log, a pipe) each
stage is one plain line when it begins.
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from orchestration.home import Home
from orchestration.runs.record import Problem, RunRecord

STAGES = {
    "sample": "Write the sample",
    "plan": "Look for changes",
    "load": "Load extracts",
    "door": "Check what arrived",
    "dbt": "Build the marts",
    "window": "Check the marts",
    "publish": "Publish",
    "report": "Write the report",
}
_SHOWN_ROWS = 3
_SHOWN_PROBLEMS = 12
_SHOWN_WARNINGS = 4


class Progress:
    """Shows the stage a run is in.

    Args:
        console: Console of the terminal; progress goes where it writes to.
    """

    def __init__(self, console: Console) -> None:
        """Begin with no stage."""
        self._console = console
        self._stage = ""
        self._started = time.perf_counter()
        self._status: Status | None = None

    @contextmanager
    def shown(self) -> Iterator["Progress"]:
        """Show progress while the block runs."""
        if self._console.is_terminal:
            self._status = self._console.status("")
            self._status.start()
        try:
            yield self
        finally:
            self._finish_stage()
            if self._status is not None:
                self._status.stop()

    def __call__(self, stage: str, message: str) -> None:
        """Show that `stage` goes on; `message` says with what."""
        if stage != self._stage:
            self._finish_stage()
            self._stage, self._started = stage, time.perf_counter()
            if self._status is None:
                self._console.print(f"{STAGES.get(stage, stage)} ...", highlight=False)
        if self._status is not None:
            self._status.update(f"{STAGES.get(stage, stage)}: {escape(message)}")

    def _finish_stage(self) -> None:
        if self._stage and self._status is not None:
            spent = time.perf_counter() - self._started
            name = STAGES.get(self._stage, self._stage)
            self._console.print(f"{name:<20} {spent:6.1f} s", highlight=False)
        self._stage = ""


def failure_text(record: RunRecord, home: Home) -> str:
    """Say why a run stopped, what to do, and what readers see meanwhile.

    Args:
        record: Record of a failed run.
        home: Its home.
    """
    lines = ["The run was stopped; nothing new was published.", ""]
    for problem in record.failures[:_SHOWN_PROBLEMS]:
        lines += problem_lines(problem)
    if len(record.failures) > _SHOWN_PROBLEMS:
        more = len(record.failures) - _SHOWN_PROBLEMS
        lines.append(f"... and {more} more, in {home.runs / f'{record.run_id}.json'}")
    lines.append("")
    if {problem.stage for problem in record.failures} & {"door", "window"}:
        lines.append(f"All checks and their rows: {home.data_docs / 'index.html'}")
    if home.current_release.exists():
        lines.append(f"Readers still see the release before: {home.current_release}")
    else:
        lines.append("No release was published yet.")
    return "\n".join(lines)


def problem_lines(problem: Problem) -> list[str]:
    """Return a problem as lines: what, where, sample rows, what to do."""
    stage = STAGES.get(problem.stage, problem.stage)
    head = f"{stage}: {problem.name}: {problem.description}"
    if problem.name in ("extracts", "pipeline", "notice"):
        head = f"{stage}: {problem.description}"
    lines = [head]
    for row in problem.rows[:_SHOWN_ROWS]:
        shown = ", ".join(f"{name}={value}" for name, value in row.items() if value is not None)
        lines.append(f"    {shown}")
    if len(problem.rows) > _SHOWN_ROWS:
        lines.append("    ...")
    if problem.advice:
        lines.append(f"  What to do: {problem.advice}")
    return lines


def success_text(record: RunRecord, home: Home, figures: Sequence[tuple[str, str]]) -> str:
    """Say what was loaded, rejected, checked and published, the headline figures, and what to open.

    Args:
        record: Record of a run that published.
        home: Its home.
        figures: Headline figures, label and value.
    """
    lines = ["", f"Loaded     {load_line(record.facts.get('load', {}))}"]
    lines.append(f"Checked    {check_line(record)}")
    published = record.facts.get("publish", {})
    lines.append(
        f"Published  release {record.release}: {published.get('tables', 0)} tables,"
        f" {published.get('rows', 0):,} rows, as of {published.get('as_of_month') or 'no month'}"
    )
    restated = published.get("restated_figures")
    if restated:
        lines.append(
            f"Restated   {restated:,} figures of months closed before, in {home.restatements}"
        )
    lines += figure_lines(figures)
    lines += warning_lines(record, home)
    lines += ["", *open_next_lines(home), "", f"{record.seconds.get('total', 0):.0f} s in all"]
    return "\n".join(lines)


def month_text(month: str | None, record: RunRecord) -> str:
    """Say in one line what became of a month that was run once more; None is the newest."""
    seconds = record.seconds.get("total", 0.0)
    made = record.release or ""
    return f"{month or 'newest':<8} {record.status:<10} {seconds:6.1f} s  {made}".rstrip()


def warning_lines(record: RunRecord, home: Home) -> list[str]:
    """Return what stopped nothing but deserves a look: checks first, then the loader's notes."""
    warnings = sorted(record.warnings, key=lambda problem: problem.stage == "load")
    if not warnings:
        return []
    lines = ["", f"{len(warnings)} things to look at, none of which stops a release:"]
    lines += [f"  {problem_lines(problem)[0]}" for problem in warnings[:_SHOWN_WARNINGS]]
    if len(warnings) > _SHOWN_WARNINGS:
        lines.append(f"  all of them: {home.runs / f'{record.run_id}.json'}")
    return lines


def current_text(home: Home, figures: Sequence[tuple[str, str]]) -> str:
    """Say that there was nothing to do."""
    manifest = json.loads((home.published / "current" / "manifest.json").read_text("utf-8"))
    release = (home.published / "current").resolve().name
    lines = [
        "",
        "Nothing new: the published release is made from the same extracts, code and options.",
        f"Published  release {release}, as of {manifest.get('as_of_month') or 'no month'}",
        *figure_lines(figures),
        "",
        *open_next_lines(home),
        "Run with --force to check and publish once more, with --full-refresh to rebuild as well.",
    ]
    return "\n".join(lines)


def load_line(facts: dict[str, Any]) -> str:
    """Return the loader's totals in words."""
    if not facts.get("new_files"):
        return f"nothing new; all {facts.get('files', 0)} files were known"
    return (
        f"{facts['loaded']:,} rows from {facts['new_files']:,} new files"
        f" ({facts['files']:,} in the folder); {facts['rejected']:,} rejected,"
        f" {facts['duplicates']:,} repeated"
    )


def check_line(record: RunRecord) -> str:
    """Return in words how many checks ran and how many only warned."""
    door, window = record.facts.get("door", {}), record.facts.get("window", {})
    dbt = record.facts.get("dbt", {})
    tests = sum(count for name, count in dbt.items() if name.startswith("test "))
    warned = door.get("warnings", 0) + window.get("warnings", 0) + dbt.get("test warn", 0)
    return (
        f"{door.get('expectations', 0)} expectations at the door, {tests} dbt tests,"
        f" {window.get('expectations', 0)} at the window; {warned} warnings"
    )


def figure_lines(figures: Sequence[tuple[str, str]]) -> list[str]:
    """Return headline figures as aligned lines."""
    if not figures:
        return []
    width = max(len(label) for label, _value in figures)
    return ["", *(f"  {label:<{width}}  {value}" for label, value in figures)]


def open_next_lines(home: Home) -> list[str]:
    """Return what to open next."""
    reports = sorted(home.reports.glob("*.html"), key=lambda path: path.stat().st_mtime)
    return [
        f"Marts      {home.current_release}",
        *([f"Report     {reports[-1]}"] if reports else []),
        f"Data Docs  {home.data_docs / 'index.html'}",
        "Dagster    kaw up, then http://127.0.0.1:3000",
    ]
