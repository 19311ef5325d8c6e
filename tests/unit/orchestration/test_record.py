"""The record of a run."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.runs.record import (
    Problem,
    RunRecord,
    current_observer,
    observed,
    read_records,
)


def test_times_add_up_even_when_a_stage_fails():
    record = RunRecord(seconds={"load": 1.0})
    with record.timed("load"):
        time.sleep(0.01)
    with pytest.raises(ValueError, match="sleep"), record.timed("load"):
        time.sleep(-1)
    assert record.seconds["load"] >= 1.01
    assert record.failed_stage == "load"


def test_every_time_a_stage_is_under_way_has_its_own_span(tmp_path):
    record = RunRecord(run_id="r1")
    before = datetime.now(UTC)
    for _ in range(2):
        with record.timed("load"):
            time.sleep(0.01)
    spans = json.loads(record.write(tmp_path).read_text("utf-8"))["spans"]
    assert [span["stage"] for span in spans] == ["load", "load"]
    starts = [datetime.fromisoformat(span["started_at"]) for span in spans]
    # The start is noted to the millisecond, cut off.
    assert before - timedelta(milliseconds=1) <= starts[0] < starts[1] <= datetime.now(UTC)
    assert sum(span["seconds"] for span in spans) == pytest.approx(record.seconds["load"])


def test_written_record_is_json_with_everything(tmp_path):
    record = RunRecord(run_id="r1", status="failed")
    record.problems.append(Problem("door", "a.b.c", "不合格", rows=[{"line": 3}]))
    path = record.write(tmp_path / "runs")
    content = json.loads(path.read_text("utf-8"))
    assert content["problems"][0]["rows"] == [{"line": 3}]
    assert content["problems"][0]["description"] == "不合格"
    assert [file.name for file in path.parent.iterdir()] == ["r1.json"]


def test_records_come_newest_first(tmp_path):
    for day in (1, 3, 2):
        RunRecord(run_id=f"r{day}", started_at=f"2024-01-0{day}T00:00:00").write(tmp_path)
    assert [record["run_id"] for record in read_records(tmp_path, 2)] == ["r3", "r2"]
    assert read_records(tmp_path / "absent") == []


def test_warnings_are_no_failures():
    record = RunRecord(
        problems=[Problem("dbt", "a", "x", is_warning=True), Problem("dbt", "b", "y")]
    )
    assert [problem.name for problem in record.failures] == ["b"]
    assert [problem.name for problem in record.warnings] == ["a"]


def test_observer_is_the_one_of_the_block_and_gone_after_it():
    record = RunRecord()
    with observed(record, lambda stage, message: None):
        assert current_observer()[0] is record
    assert current_observer()[0] is not record
