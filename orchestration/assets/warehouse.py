"""The dbt project as assets: seeds, staging, intermediate models and marts; its tests as checks."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from orchestration.assets import WAREHOUSE_POOL
from orchestration.dbt.arguments import (
    LEFT_TO_THE_WINDOW,
    build_arguments,
    build_variables,
)
from orchestration.dbt.results import read_problems
from orchestration.dbt.rules import changed_rules, incremental_rules, remember_rules
from orchestration.dbt.translator import FolderTranslator
from orchestration.resources import Dbt, Pipeline
from orchestration.runs.reported_month import first_day_known


def build_warehouse_assets(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """Return the step that builds and tests the whole dbt project.

    Args:
        manifest: dbt manifest.
    """

    @dbt_assets(
        manifest=manifest,
        exclude=LEFT_TO_THE_WINDOW,
        dagster_dbt_translator=FolderTranslator(),
        name="build_models",
        pool=WAREHOUSE_POOL,
    )
    def build(context: dg.AssetExecutionContext, pipeline: Pipeline, dbt: Dbt) -> Iterator[Any]:
        home, settings, record = pipeline.paths, pipeline.settings, pipeline.record
        rules = incremental_rules(manifest)
        changed = changed_rules(home, rules)
        record.facts["rules"] = {"changed": changed}
        arguments = build_arguments(
            "build",
            variables=build_variables(
                pipeline.as_of, settings.reporting_currency, _known_on(pipeline)
            ),
            full_refresh=pipeline.full_refresh or bool(changed),
        )
        results = home.dbt_target / "run_results.json"
        results.unlink(missing_ok=True)
        pipeline.tell(
            "dbt", "rules changed, rebuilding from nothing" if changed else "starting dbt"
        )
        with record.timed("dbt"), dbt.environment(home, settings):
            invocation = dbt.cli(
                # dagster-dbt would log beside dbt's artifacts, where nobody looks for a log.
                [*arguments, "--log-path", str(home.dbt_logs)],
                context=context,
                target_path=home.dbt_target,
                raise_on_error=False,
            )
            done = 0
            for event in invocation.stream_raw_events():
                if node := finished_node(event.raw_event):
                    done += 1
                    pipeline.tell("dbt", f"{done} done, {node}")
                yield from event.to_default_asset_events(
                    manifest=invocation.manifest,
                    dagster_dbt_translator=invocation.dagster_dbt_translator,
                    context=invocation.context,
                    target_path=invocation.target_path,
                )
        record.facts["dbt"] = count_results(results)
        record.problems += read_problems(results, home.warehouse, home.dbt_target)
        if invocation.process.returncode != 0:
            if not record.failures:
                record.problems += read_problems(
                    None, home.warehouse, home.dbt_target, str(invocation.get_error())
                )
            names = ", ".join(problem.name for problem in record.failures)
            raise dg.Failure(description=f"dbt failed: {names}", allow_retries=False)
        remember_rules(home, rules)

    return build


def _known_on(pipeline: Pipeline) -> date | None:
    if not (pipeline.as_known and pipeline.as_of):
        return None
    with pipeline.connection() as connection:
        return first_day_known(connection, pipeline.as_of)


def finished_node(raw_event: Mapping[str, Any]) -> str | None:
    """Return the name of the node a dbt log event says is finished, or None."""
    if raw_event["info"]["name"] != "NodeFinished":
        return None
    name: str = raw_event["data"]["node_info"]["node_name"]
    return name


def count_results(run_results: Path) -> dict[str, int]:
    """Count dbt's results by kind and status, such as {"test pass": 210}.

    Args:
        run_results: dbt's run_results.json; absent where dbt did not get that far.
    """
    import json  # noqa: PLC0415

    if not run_results.exists():
        return {}
    counts: dict[str, int] = {}
    for result in json.loads(run_results.read_text("utf-8"))["results"]:
        kind = result["unique_id"].split(".")[0]
        name = f"{kind} {result['status']}"
        counts[name] = counts.get(name, 0) + 1
    return counts
