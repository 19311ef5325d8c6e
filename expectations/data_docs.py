"""Data Docs: one page per run and table, one index, the last runs only.

Great Expectations writes the pages of the results. They ask the internet for their style and
scripts; `expectations.offline_pages` makes them readable without it, and the index is our own.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)

from expectations.context import RESULTS_FOLDER, SITE
from expectations.index_page import Entry, write_index
from expectations.offline_pages import make_offline

PAGES_FOLDER = "validations"


class DataDocs:
    """Collects one run's results and publishes them together.

    Attributes:
        state: Folder that holds `index.html`, the pages and the results.
        run_id: Name and time of the run.
    """

    def __init__(self, context: Any, state: Path, run_name: str) -> None:
        """Begin a run.

        Args:
            context: Great Expectations context.
            state: Folder of the results and pages.
            run_name: Name of the run; what stands before its first hyphen is its series.
        """
        self._context = context
        self.state = state
        self.run_id = RunIdentifier(run_name=run_name, run_time=datetime.now(tz=UTC))
        self._recorded: list[ValidationResultIdentifier] = []
        self._entries: list[Entry] = []

    def record(self, suite_name: str, batch_id: str, result: Any) -> str:
        """Keep one table's result.

        Args:
            suite_name: `schema.table`.
            batch_id: Great Expectations' name of the rows.
            result: Result of the suite.

        Returns:
            Path of the page that `publish` will write.
        """
        result.meta["run_id"] = self.run_id
        result.meta["validation_time"] = self.run_id.run_time
        key = ValidationResultIdentifier(
            expectation_suite_identifier=ExpectationSuiteIdentifier(name=suite_name),
            run_id=self.run_id,
            batch_identifier=batch_id,
        )
        self._context.validation_results_store.store_validation_results(
            suite_validation_result=result, suite_validation_result_identifier=key
        )
        self._recorded.append(key)
        page = self._page(key)
        self._entries.append(
            Entry(
                run=str(self.run_id.run_name),
                time=self.run_id.run_time.strftime("%Y-%m-%d %H:%M:%S UTC"),
                suite=suite_name,
                page=page.relative_to(self.state).as_posix(),
                passed=sum(bool(r.success) for r in result.results),
                failed=[
                    str(r.expectation_config.description) for r in result.results if not r.success
                ],
            )
        )
        return str(page)

    def publish(self, kept_runs: int) -> Path:
        """Drop the oldest runs of this series and write the pages and the index.

        Args:
            kept_runs: Runs of this series to keep, this one included.

        Returns:
            Path of the index page.
        """
        series = str(self.run_id.run_name).partition("-")[0]
        dropped = prune(self.state, series, kept_runs)
        if self._recorded:
            self._context.build_data_docs(
                site_names=[SITE], resource_identifiers=list(self._recorded), build_index=False
            )
        make_offline(page for page in map(self._page, self._recorded) if page.is_file())
        return write_index(self.state, self._entries, dropped)

    def _page(self, key: ValidationResultIdentifier) -> Path:
        *folders, name = key.to_tuple()
        return self.state.joinpath(PAGES_FOLDER, *folders, f"{name}.html")


def prune(state: Path, series: str, kept_runs: int) -> list[str]:
    """Delete results and pages of all but the latest runs of a series.

    Args:
        state: Folder of the results and pages.
        series: What the runs' names start with, before the first hyphen.
        kept_runs: How many runs stay.

    Returns:
        Names of the runs that were dropped, oldest first.
    """
    # <results>/<schema>/<table>/<run name>/<run time>/<batch>.json
    runs: dict[str, str] = {}
    for folder in (state / RESULTS_FOLDER).glob(f"*/*/{series}-*/*"):
        runs[folder.parent.name] = max(folder.name, runs.get(folder.parent.name, ""))
    by_time = sorted(runs, key=lambda name: (runs[name], name))
    dropped = by_time[: max(len(by_time) - kept_runs, 0)]
    for name in dropped:
        for top in (RESULTS_FOLDER, PAGES_FOLDER):
            for folder in (state / top).glob(f"*/*/{name}"):
                shutil.rmtree(folder)
    return dropped
