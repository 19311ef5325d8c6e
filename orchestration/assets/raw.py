"""Raw tables: what the loader makes of the extracts. Keys equal those of dbt's sources."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration.assets import WAREHOUSE_POOL
from orchestration.errors import PipelineError
from orchestration.loading.contract import Contract
from orchestration.loading.errors import LoadError, MappingError
from orchestration.resources import Loader, Pipeline
from orchestration.runs.record import Problem
from orchestration.runs.reported_month import month_problem

LOADER_TABLES = ("extract_files", "rejected_rows", "load_batches")


def extract_specs(contract: Contract) -> list[dg.AssetSpec]:
    """Return the extracts as assets that others write: one per source system."""
    return [
        dg.AssetSpec(
            ["extracts", source],
            group_name="extracts",
            description=f"Files of the {source}, as the company's system writes them.",
        )
        for source in sorted({source for source, _table in contract.tables})
    ]


def raw_specs(contract: Contract) -> list[dg.AssetSpec]:
    """Return one asset per contract table, and the loader's own books."""
    tables = [
        dg.AssetSpec(
            [table.source, table.name],
            deps=[["extracts", table.source]],
            group_name=f"raw_{table.source}",
            description=table.description,
            kinds={"duckdb"},
        )
        for table in contract.tables.values()
    ]
    sources = [spec.key for spec in extract_specs(contract)]
    books = [
        dg.AssetSpec(["loader", name], deps=sources, group_name="raw_loader", kinds={"duckdb"})
        for name in LOADER_TABLES
    ]
    return tables + books


def build_raw_assets(contract: Contract) -> dg.AssetsDefinition:
    """Return the step that loads the extracts into every raw table.

    Args:
        contract: The source contract; decides which tables there are.
    """

    @dg.multi_asset(specs=raw_specs(contract), name="load_extracts", pool=WAREHOUSE_POOL)
    def load(
        context: dg.AssetExecutionContext, pipeline: Pipeline, loader: Loader
    ) -> Iterator[dg.MaterializeResult]:
        record = pipeline.record
        pipeline.tell("load", "reading extracts")
        try:
            with record.timed("load"):
                report = loader.load(pipeline, lambda message: pipeline.tell("load", message))
                _require_month(pipeline)
        except (LoadError, MappingError, PipelineError) as error:
            record.problems += load_problems(error)
            raise dg.Failure(description=str(error), allow_retries=False) from error
        record.facts["load"] = load_facts(report)
        record.problems += [
            Problem("load", "notice", notice, is_warning=True) for notice in report.notices
        ]
        results = table_results(report)
        for spec in raw_specs(contract):
            yield dg.MaterializeResult(
                asset_key=spec.key, metadata=results.get(tuple(spec.key.path), {})
            )

    return load


def _require_month(pipeline: Pipeline) -> None:
    with pipeline.connection() as connection:
        problem = month_problem(connection, pipeline.as_of)
    if problem:
        raise PipelineError(problem)


def load_problems(error: Exception) -> list[Problem]:
    """Return one problem per thing the loader found wrong."""
    messages = getattr(error, "problems", None) or [str(error)]
    return [Problem("load", "extracts", message) for message in messages]


def load_facts(report: Any) -> dict[str, Any]:
    """Return the totals of a load for the run's record."""
    totals = report.totals
    return {
        "batch_id": report.batch_id,
        "has_changes": report.has_changes,
        "files": totals.file_count,
        "new_files": totals.new_file_count,
        "lines": totals.line_count,
        "loaded": totals.loaded,
        "rejected": totals.rejected,
        "duplicates": totals.duplicates,
    }


def table_results(report: Any) -> dict[tuple[str, ...], dict[str, int]]:
    """Return, by (source, table), how many files and rows a load brought."""
    results: dict[tuple[str, ...], dict[str, int]] = {}
    for file in report.files:
        entry = results.setdefault(
            (file.source, file.table), {"files": 0, "rows_loaded": 0, "rows_rejected": 0}
        )
        if file.status == "known":
            continue
        entry["files"] += 1
        entry["rows_loaded"] += file.loaded
        entry["rows_rejected"] += file.rejected
    return results
