"""A report that fails takes nothing down, and says so."""

import dagster as dg

from orchestration import report
from orchestration.assets.report import build_report_asset
from orchestration.resources import Pipeline
from orchestration.runs.record import RunRecord, observed


def test_a_report_that_cannot_be_written_is_a_warning(tmp_path, monkeypatch):
    def broken(_home):
        raise ZeroDivisionError("of something")

    monkeypatch.setattr(report, "write_reports", broken)
    record = RunRecord(run_id="r", status="published", release="0001")
    with observed(record, lambda _stage, _message: None):
        result = dg.materialize(
            [build_report_asset(dg.AssetKey(["published", "release"]))],
            resources={"pipeline": Pipeline(home=str(tmp_path))},
        )
    assert result.success
    (check,) = result.get_asset_check_evaluations()
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    (problem,) = record.problems
    assert problem.is_warning
    assert "ZeroDivisionError: of something" in problem.description
    assert (record.status, record.failed_stage) == ("published", None)
