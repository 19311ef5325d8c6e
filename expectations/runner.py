"""Run the checks of the door or the window, and write what came of them.

Importing this module imports Great Expectations, which takes seconds: import it where checks run,
not where they are listed (`expectations.registry`).

Each table is validated twice at most. The first pass asks every expectation for success alone,
which Great Expectations answers with few scans; the second asks the failed ones for counts and
rows. So a clean run costs little, and a failure still names its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from expectations import context as gx_context
from expectations import ledger_scope, registry, scope
from expectations.checks import CheckSpec, by_table
from expectations.data_docs import DataDocs
from expectations.outcomes import Outcome, blocking
from expectations.results import SAMPLE_ROWS, could_not_run, error_of, outcome_of
from expectations.settings import Settings
from expectations.suites import build_expectation

BatchQuery = Callable[[str, str], str]


def run_door(
    database: Path,
    state: Path,
    run_name: str,
    *,
    batch_id: int | None = None,
    tables: Collection[tuple[str, str]] | None = None,
    config: Mapping[str, Any] | None = None,
) -> list[Outcome]:
    """Check raw rows before anything is built on them.

    Args:
        database: Warehouse file; no other process may be writing to it.
        state: Folder for results and Data Docs (`index.html`); made if it is missing.
        run_name: Name of the run in the Data Docs.
        batch_id: Latest load batch: rows of every batch since the last one that passed are
            checked, and references to any current row. None checks all current rows.
        tables: (schema, table) pairs to check; None checks all. Only a run over all tables counts
            as having passed the door.
        config: Settings, see `expectations.settings.Settings`; the reporting currency first of all.

    Returns:
        One outcome per check, in the registry's order.

    Raises:
        FileNotFoundError: If there is no warehouse file.
        ValueError: For an unknown setting.
    """
    settings = Settings.from_config(config)
    checks = registry.door_checks()
    chosen = [c for c in checks if tables is None or c.relation in tables]
    with _reading(database, settings) as connection:
        under_test = scope.read_scope(connection, state, checks, batch_id)
    outcomes = _run(
        database,
        state,
        f"door-{run_name}",
        chosen,
        settings,
        query=under_test.query,
        file_names=under_test.file_names,
    )
    if batch_id is not None and tables is None and not blocking(outcomes):
        scope.remember(state, under_test, checks, batch_id)
    return outcomes


def run_window(
    database: Path,
    state: Path,
    run_name: str,
    *,
    config: Mapping[str, Any] | None = None,
) -> list[Outcome]:
    """Check marts before they are published.

    Args:
        database: Warehouse file; no other process may be writing to it.
        state: Folder for results and Data Docs (`index.html`); made if it is missing.
        run_name: Name of the run in the Data Docs.
        config: Settings, see `expectations.settings.Settings`.

    Returns:
        One outcome per check, in the registry's order.

    Raises:
        FileNotFoundError: If there is no warehouse file.
        ValueError: For an unknown setting.
    """
    settings = Settings.from_config(config)
    checks = registry.window_checks()
    with _reading(database, settings) as connection:
        narrowed = ledger_scope.read_ledger_scope(connection, state, checks)
    if narrowed is None:
        return run_checks(database, state, f"window-{run_name}", checks, settings)
    outcomes = _run(
        database,
        state,
        f"window-{run_name}",
        checks,
        replace(settings, ledger_months=narrowed.months),
        query=narrowed.query,
        file_names={},
    )
    if not blocking(outcomes):
        narrowed.remember(state)
    return outcomes


def run_checks(
    database: Path, state: Path, run_name: str, checks: Sequence[CheckSpec], settings: Settings
) -> list[Outcome]:
    """Check whole tables.

    Args:
        database: Warehouse file.
        state: Folder for results and Data Docs.
        run_name: Name of the run in the Data Docs; what stands before its first hyphen is the
            series within which old runs are pruned.
        checks: What to check.
        settings: Connection and retention.

    Returns:
        One outcome per check, in the order given.

    Raises:
        FileNotFoundError: If there is no warehouse file.
    """
    _require_file(database)
    return _run(database, state, run_name, checks, settings, query=_whole_table, file_names={})


def _reading(database: Path, settings: Settings) -> duckdb.DuckDBPyConnection:
    _require_file(database)
    return duckdb.connect(str(database), read_only=True, config=dict(settings.connection_config))


def _require_file(database: Path) -> None:
    if not database.is_file():
        raise FileNotFoundError(
            f"There is no warehouse file at {database}. Load extracts before checking them."
        )


def _whole_table(schema: str, table: str) -> str:
    return f"select * from {schema}.{table}"


def _run(
    database: Path,
    state: Path,
    run_name: str,
    checks: Sequence[CheckSpec],
    settings: Settings,
    *,
    query: BatchQuery,
    file_names: Mapping[int, str],
) -> list[Outcome]:
    context = gx_context.open_context(state)
    docs = DataDocs(context, state, run_name)
    outcomes: list[Outcome] = []
    with gx_context.warehouse(context, database, settings) as source:
        for (schema, table), group in by_table(checks).items():
            name = f"{schema}.{table}"
            made, broken = _make(group, settings)
            outcomes += broken
            try:
                asset = source.add_query_asset(name, query=query(schema, table))
                batch = asset.add_batch_definition_whole_table("rows").get_batch()
                result = _validate(batch, name, made)
            except Exception as error:
                outcomes += [could_not_run(check, f"{name}: {error}") for check, _ in made]
                continue
            page = docs.record(name, batch.id, result)
            found = {r.expectation_config.meta["check"]: r for r in result.results}
            outcomes += [
                outcome_of(check, found[check.name], file_names, page) for check, _ in made
            ]
    docs.publish(settings.kept_runs)
    position = {check.identifier: number for number, check in enumerate(checks)}
    return sorted(outcomes, key=lambda o: position[f"{o.schema}.{o.table}.{o.check}"])


def _make(
    checks: Sequence[CheckSpec], settings: Settings
) -> tuple[list[tuple[CheckSpec, Any]], list[Outcome]]:
    """Make expectations; a check whose expectation cannot be made has failed, not vanished."""
    made, broken = [], []
    for check in checks:
        try:
            made.append((check, build_expectation(check, settings)))
        except Exception as error:
            broken.append(could_not_run(check, error))
    return made, broken


def _validate(batch: Any, name: str, made: Sequence[tuple[CheckSpec, Any]]) -> Any:
    """Validate one table: success of every expectation, then details of those that failed."""
    result = batch.validate(
        gx_context.suite(name, [expectation for _, expectation in made]),
        result_format="BOOLEAN_ONLY",
    )
    by_check = {check.name: (check, expectation) for check, expectation in made}
    for position, quick in enumerate(result.results):
        if not quick.success and error_of(quick) is None:
            check, expectation = by_check[quick.expectation_config.meta["check"]]
            # Only a failure tells its reader what to do.
            told = expectation.copy(update={"description": f"{check.description} {check.action}"})
            result.results[position] = batch.validate(told, result_format=_detail(check))
    return result


def _detail(check: CheckSpec) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "result_format": "COMPLETE",
        "partial_unexpected_count": SAMPLE_ROWS,
    }
    if check.sample_columns:
        detail["unexpected_index_column_names"] = list(check.sample_columns)
    return detail
