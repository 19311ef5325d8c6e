"""Great Expectations as asset checks: one per table at the door, one per mart at the window.

One asset check is one suite, not one expectation: Dagster stores two events for each check, which
for five hundred expectations takes longer than the expectations themselves. The result of every
expectation stands in the check's metadata, in the Data Docs and, where it failed, in the run's
record. Which expectations there are does not belong here.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import dagster as dg

from expectations.checks import CheckSpec, by_table
from expectations.outcomes import Outcome
from orchestration.assets import WAREHOUSE_POOL
from orchestration.resources import Checker, Pipeline
from orchestration.runs.record import Problem, RunRecord

DOOR = "door"
WINDOW = "window"


def door_asset_key(schema: str, table: str) -> dg.AssetKey:
    """Return the asset of a raw table: schema raw_ledger belongs to source ledger."""
    source = "loader" if schema == "raw_meta" else schema.removeprefix("raw_")
    return dg.AssetKey([source, table])


def window_asset_key(schema: str, table: str) -> dg.AssetKey:
    """Return the asset of a mart."""
    return dg.AssetKey([schema, table])


def check_specs(
    stage: str, expectations: Iterable[CheckSpec], known: Iterable[dg.AssetKey]
) -> list[dg.AssetCheckSpec]:
    """Return one blocking check per table that has expectations.

    Args:
        stage: door or window; the check's name.
        expectations: Every expectation of the stage.
        known: Assets there are; tables that are none are left out.
    """
    key_of = door_asset_key if stage == DOOR else window_asset_key
    known = set(known)
    return [
        dg.AssetCheckSpec(
            name=stage,
            asset=key_of(*table),
            blocking=True,
            description="; ".join(sorted({check.description for check in checks})),
            metadata={"expectations": len(checks)},
        )
        for table, checks in by_table(expectations).items()
        if key_of(*table) in known
    ]


def build_suite_checks(
    stage: str, expectations: Iterable[CheckSpec], known: Iterable[dg.AssetKey]
) -> dg.AssetChecksDefinition | None:
    """Return the step that checks all tables of a stage, or None where there is nothing to check.

    Args:
        stage: door or window.
        expectations: Every expectation of the stage.
        known: Assets there are.
    """
    specs = check_specs(stage, expectations, known)
    if not specs:
        return None
    key_of = door_asset_key if stage == DOOR else window_asset_key

    @dg.multi_asset_check(specs=specs, name=f"check_{stage}", pool=WAREHOUSE_POOL)
    def check(
        context: dg.AssetCheckExecutionContext, pipeline: Pipeline, checker: Checker
    ) -> Iterator[dg.AssetCheckResult]:
        by_asset: dict[dg.AssetKey, list[Outcome]] = {spec.asset_key: [] for spec in specs}
        for outcome in run_checks(stage, pipeline, checker):
            by_asset.setdefault(key_of(outcome.schema, outcome.table), []).append(outcome)
        for spec in specs:
            yield suite_result(spec, by_asset[spec.asset_key])

    return check


def run_checks(stage: str, pipeline: Pipeline, checker: Checker) -> list[Outcome]:
    """Check all tables of a stage and note what came of it in the run's record.

    Args:
        stage: door or window.
        pipeline: The run, for its warehouse and its record.
        checker: What runs the checks.
    """
    record = pipeline.record
    pipeline.tell(stage, "checking with Great Expectations")
    with record.timed(stage):
        if stage == DOOR:
            batch_id = record.facts.get("load", {}).get("batch_id")
            outcomes = checker.door(pipeline, batch_id)
        else:
            outcomes = checker.window(pipeline)
    note_outcomes(record, stage, outcomes)
    return outcomes


def suite_result(spec: dg.AssetCheckSpec, outcomes: Sequence[Outcome]) -> dg.AssetCheckResult:
    """Return one table's result: passed where all expectations did, else as grave as the gravest.

    Args:
        spec: The table's check.
        outcomes: Outcomes of its expectations; none counts as failed, for nothing was proven.
    """
    failed = [outcome for outcome in outcomes if not outcome.passed]
    grave = not outcomes or any(outcome.blocks for outcome in failed)
    metadata: dict[str, Any] = {"expectations": len(outcomes), "failed": len(failed)}
    for outcome in failed:
        metadata[outcome.check] = dg.MetadataValue.json(
            plain({"message": outcome.message(), "rows": outcome.sample, **outcome.metrics})
        )
    docs = next((outcome.docs for outcome in [*failed, *outcomes] if outcome.docs), "")
    if docs:
        metadata["data_docs"] = dg.MetadataValue.path(docs)
    return dg.AssetCheckResult(
        check_name=spec.name,
        asset_key=spec.asset_key,
        passed=bool(outcomes) and not failed,
        severity=dg.AssetCheckSeverity.ERROR if grave else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )


def note_outcomes(record: RunRecord, stage: str, outcomes: Sequence[Outcome]) -> None:
    """Count outcomes in the run's record and keep those that failed."""
    failed = [outcome for outcome in outcomes if not outcome.passed]
    record.facts[stage] = {
        "expectations": len(outcomes),
        "passed": len(outcomes) - len(failed),
        "warnings": sum(not outcome.blocks for outcome in failed),
        "failed": sum(outcome.blocks for outcome in failed),
    }
    record.problems += [
        Problem(
            stage=stage,
            name=f"{outcome.schema}.{outcome.table}.{outcome.check}",
            description=f"could not run: {outcome.error}" if outcome.error else _promise(outcome),
            rows=plain(outcome.sample),
            advice=outcome.action,
            is_warning=not outcome.blocks,
        )
        for outcome in failed
    ]


def plain(value: Any) -> Any:
    """Return a value as JSON knows it; dates and decimals become text."""
    return json.loads(json.dumps(value, default=str))


def _promise(outcome: Outcome) -> str:
    count = outcome.metrics.get("unexpected_count")
    rows = f" ({count:,} rows break it)" if isinstance(count, int) and count else ""
    return f"{outcome.description}{rows}"
