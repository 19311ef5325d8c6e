"""The monthly failure analysis, written once readers see the release it is made from."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration.errors import PipelineError
from orchestration.resources import Pipeline
from orchestration.runs.record import Problem

WRITTEN = "written"


def build_report_asset(release: dg.AssetKey) -> dg.AssetsDefinition:
    """Return the step that writes the report.

    A report that cannot be written takes nothing down: the release stays, the run goes on, and a
    check of severity warning says why.

    Args:
        release: Asset key of the release.
    """

    @dg.asset(
        key=["published", "report"],
        deps=[release],
        group_name="published",
        kinds={"html"},
        output_required=False,
        check_specs=[dg.AssetCheckSpec(WRITTEN, asset=["published", "report"])],
        description="The failure analysis of the last closed month, a page a language.",
    )
    def report(context: dg.AssetExecutionContext, pipeline: Pipeline) -> Iterator[Any]:
        from orchestration.report import write_reports  # noqa: PLC0415 - not needed to list assets

        record = pipeline.record
        pipeline.tell("report", "writing the report")
        reason = ""
        try:
            with record.timed("report"):
                paths = write_reports(pipeline.paths)
        except PipelineError as error:
            reason = str(error)
        except Exception as error:  # a flaw of the report must not look like one of the marts
            context.log.exception("The report failed.")
            reason = f"The report could not be written: {type(error).__name__}: {error}"
        yield dg.AssetCheckResult(
            check_name=WRITTEN,
            passed=not reason,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"reason": reason} if reason else {},
        )
        if reason:
            record.failed_stage = None
            record.problems.append(Problem("report", "report", reason, is_warning=True))
            return
        names = [path.name for path in paths]
        record.facts["report"] = {"files": names}
        yield dg.MaterializeResult(
            metadata={"files": names, "path": dg.MetadataValue.path(str(paths[0].parent))}
        )

    return report
