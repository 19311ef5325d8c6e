import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.errors import UsageError
from orchestration.home import Home
from orchestration.runs import backfill as module
from orchestration.runs.backfill import backfill, months_between
from orchestration.runs.pipeline import Request
from orchestration.runs.record import Problem, RunRecord


def test_months_cross_years_and_include_both_ends():
    assert months_between("2024-11", "2025-02") == ["2024-11", "2024-12", "2025-01", "2025-02"]
    assert months_between("2024-05", "2024-05") == ["2024-05"]
    with pytest.raises(UsageError, match="2024-06 is after 2024-05"):
        months_between("2024-06", "2024-05")


def run_but(broken, ran):
    def run(request, _listener):
        ran.append(request.as_of)
        record = RunRecord(run_id="r", status="published", release="0007")
        if request.as_of == broken:
            record.status, record.release = "failed", None
            record.problems.append(Problem("door", "no_month_missing", "April is missing."))
        return record

    return run


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ("never", ["2024-03", "2024-04", "2024-05", None]),
        ("2024-04", ["2024-03", "2024-04", None]),
    ],
)
def test_a_failing_month_ends_the_range_and_the_newest_is_run_last(tmp_path, broken, expected):
    ran = []
    request = Request(home=Home.at(tmp_path))
    records = list(backfill(request, "2024-03", "2024-05", lambda *_: None, run_but(broken, ran)))
    assert ran == expected
    assert [month for month, _record in records] == expected


def test_command_says_each_month_and_why_one_failed(tmp_path, monkeypatch):
    monkeypatch.setattr(module.backfill, "__defaults__", (run_but("2024-04", []),))
    arguments = ["backfill", "--home", str(tmp_path), "--from", "2024-03", "--to"]
    result = CliRunner().invoke(main, [*arguments, "2024-05"])
    assert result.exit_code == 1
    assert [line.split()[:2] for line in result.stdout.splitlines()] == [
        ["2024-03", "published"],
        ["2024-04", "failed"],
        ["newest", "published"],
    ]
    assert "April is missing." in result.stderr
    assert CliRunner().invoke(main, [*arguments, "2024-02"]).exit_code == 2
    assert CliRunner().invoke(main, [*arguments, "May"]).exit_code == 2
