"""What dbt's results say when a build stopped: which node, why, and the rows that broke a test."""

import json
from pathlib import Path
from typing import Any

import duckdb

from orchestration.runs.record import Problem

_FAILED = ("error", "fail", "runtime error")
_SAMPLE_ROWS = 5
_SAMPLED_TESTS = 5


def read_problems(
    run_results: Path | None, warehouse: Path, target: Path, error: str = ""
) -> list[Problem]:
    """Return the problems of a dbt build, with rows for its failed tests.

    Args:
        run_results: dbt's run_results.json; None or absent where dbt stopped before it wrote one.
        warehouse: Warehouse file, which dbt has let go of.
        target: dbt's target folder, named in the advice.
        error: What to report where there are no results.
    """
    advice = (
        f"The statement is in {target / 'compiled'}. "
        "Run with DBT_LOG_LEVEL_FILE=debug for the whole log of dbt"
    )
    if run_results is None or not run_results.exists():
        return [Problem("dbt", "dbt", error, advice=advice)] if error else []
    problems: list[Problem] = []
    for result in json.loads(run_results.read_text("utf-8"))["results"]:
        failed = result["status"] in _FAILED
        if not failed and result["status"] != "warn":
            continue
        kind, _project, name = result["unique_id"].split(".")[:3]
        rows = []
        if kind == "test" and len(problems) < _SAMPLED_TESTS and result.get("compiled_code"):
            rows = sample_rows(warehouse, result["compiled_code"])
        problems.append(
            Problem(
                stage="dbt",
                name=name,
                description=(result["message"] or result["status"]).strip(),
                rows=rows,
                advice=advice if failed else "",
                is_warning=not failed,
            )
        )
    return problems


def sample_rows(warehouse: Path, query: str) -> list[dict[str, Any]]:
    """Return the first rows a test's query finds; none where it cannot be run.

    Args:
        warehouse: Warehouse file, opened read-only.
        query: Compiled SQL of the test, one statement.
    """
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            cursor = connection.execute(f"select * from ({query}) limit {_SAMPLE_ROWS}")
            columns = [column[0] for column in cursor.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    except duckdb.Error:
        return []
