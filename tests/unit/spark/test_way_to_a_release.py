import pytest

from orchestration.runs.record import Problem, RunRecord
from orchestration.spark import __main__ as spark
from orchestration.spark.errors import SparkError

PASSED = {"expectations": 924, "passed": 924, "warnings": 0, "failed": 0}
PUBLISHED = {"tables": 110, "rows": 121_850, "as_of_month": "2025-12"}


@pytest.fixture
def steps(monkeypatch):
    """What was called, in order; the record is what the last step returns."""
    called = []
    record = RunRecord(run_id="r1", status="published", release="0001-x")
    record.facts |= {"window": PASSED, "publish": PUBLISHED}
    for name, result in (("build_on_spark", None), ("hand_back", {"marts.dim_months": 36})):
        monkeypatch.setattr(spark, name, lambda *_, n=name, r=result: called.append(n) or r)
    monkeypatch.setattr(spark, "check_and_publish", lambda _: called.append("release") or record)
    return called, record


def test_a_build_goes_on_to_its_release(steps, tmp_path, capsys):
    assert spark.main(["--home", str(tmp_path)]) == 0
    assert steps[0] == ["build_on_spark", "hand_back", "release"]
    said = capsys.readouterr().out
    assert "Published  release 0001-x: 110 tables, 121,850 rows, as of 2025-12" in said
    assert str(tmp_path / "spark" / "published" / "current") in said


def test_a_failing_check_is_an_error_of_the_command(steps, tmp_path, capsys):
    _, record = steps
    record.status = "failed"
    record.problems.append(Problem("window", "marts.fct_x.totals_agree", "Totals agree."))
    assert spark.main(["--home", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "nothing new was published" in said
    assert "marts.fct_x.totals_agree" in said


def test_nothing_is_handed_back_of_a_build_that_failed(steps, tmp_path, capsys, monkeypatch):
    def fail(*_):
        raise SparkError("dbt build failed on Spark")

    monkeypatch.setattr(spark, "build_on_spark", fail)
    assert spark.main(["--home", str(tmp_path)]) == 1
    assert steps[0] == []
    assert "dbt build failed on Spark" in capsys.readouterr().err
