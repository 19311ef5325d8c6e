"""The release: what readers see, swapped in when everything before it passed."""

from collections.abc import Sequence
from typing import Any

import dagster as dg

from orchestration.assets import WAREHOUSE_POOL
from orchestration.assets.report import build_report_asset
from orchestration.errors import PipelineError
from orchestration.resources import Pipeline, Publisher
from orchestration.runs.fingerprint import code_version_hash
from orchestration.runs.record import Problem


def build_published_assets(marts: Sequence[dg.AssetKey]) -> list[dg.AssetsDefinition]:
    """Return the steps after the checks: the release, and the report made from it.

    Args:
        marts: Asset keys of the marts.
    """
    release = build_release_asset(marts)
    return [release, build_report_asset(release.key)]


def build_release_asset(marts: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """Return the step that publishes the marts.

    Args:
        marts: Asset keys of the marts; the release waits for all of them and for their checks.
    """

    @dg.asset(
        key=["published", "release"],
        deps=marts,
        group_name="published",
        kinds={"duckdb", "parquet"},
        pool=WAREHOUSE_POOL,
        description="The release readers see: one read-only DuckDB file, Parquet and a manifest.",
    )
    def release(
        context: dg.AssetExecutionContext, pipeline: Pipeline, publisher: Publisher
    ) -> dg.MaterializeResult:
        try:
            result = publish_marts(pipeline, publisher)
        except PipelineError as error:
            raise dg.Failure(description=str(error), allow_retries=False) from error
        return dg.MaterializeResult(
            metadata={
                **pipeline.record.facts["publish"],
                "path": dg.MetadataValue.path(str(result.path)),
            }
        )

    return release


def publish_marts(pipeline: Pipeline, publisher: Publisher, **told: Any) -> Any:
    """Publish the marts of a run's warehouse, note it in the run's record and return the release.

    Args:
        pipeline: The run, whose checks have passed.
        publisher: What makes the release.
        **told: What else the release's manifest says of the run.

    Raises:
        PipelineError: The release could not be made; the one before stays.
    """
    record = pipeline.record
    pipeline.tell("publish", "writing the release")
    extra = {
        "code_version": code_version_hash()[:12],
        "checks": {stage: record.facts.get(stage, {}) for stage in ("door", "dbt", "window")},
        "load": record.facts.get("load", {}),
        "fingerprint": pipeline.fingerprint,
        "requested_as_of": pipeline.as_of,
        **told,
    }
    try:
        with record.timed("publish"):
            result = publisher.publish(pipeline, extra)
    except PipelineError as error:
        record.problems.append(Problem("publish", "release", str(error)))
        raise
    record.release = result.release_id
    record.status = "published"
    record.facts["publish"] = {
        "release": result.release_id,
        "as_of_month": result.as_of_month,
        "tables": len(result.row_counts),
        "rows": sum(result.row_counts.values()),
        "bytes": result.total_bytes,
        "restated_figures": (result.manifest.get("restatements") or {}).get("count"),
    }
    _log_restatements(pipeline, result)
    return result


def _log_restatements(pipeline: Pipeline, result: Any) -> None:
    """Keep what late data changed beyond the life of the release; the release stands either way."""
    from orchestration.publishing import append_log  # noqa: PLC0415 - not needed to list assets

    log = pipeline.paths.restatements
    try:
        append_log(log, result.path, result.release_id)
    except OSError as error:
        reason = f"Restatements could not be added to {log}: {error}"
        pipeline.record.problems.append(Problem("publish", "restatements", reason, is_warning=True))
