"""A case keeps what was measured, whatever else is absent or fails."""

import json
from argparse import Namespace

import pytest
import run
from cases import Case, Step
from measure import CommandFailedError


@pytest.fixture
def measured(monkeypatch, tmp_path):
    """A function that measures a case of the steps given and returns what was kept of it."""

    def measure(*steps, until=None):
        monkeypatch.setattr(run, "sample_steps", lambda case, work, months: iter(steps))
        options = Namespace(results=tmp_path, months=12, until=until)
        run.measure_case(Case("sample", 1.0), tmp_path, options)
        return json.loads((tmp_path / "sample-1.json").read_text())

    return measure


def shell(kind, command):
    return Step(kind, f"the {kind}", ["-c", command], program=["/bin/sh"])


def test_what_was_measured_is_kept_with_the_machine(measured, tmp_path):
    kept = measured(shell("floor", "true"), shell("pandas", "true"))
    assert [row["kind"] for row in kept["rows"]] == ["floor", "pandas"]
    assert {"processor", "cores", "memory", "duckdb"} <= set(kept["machine"])
    assert not list(tmp_path.glob("*.partial"))


def test_a_step_without_its_environment_is_left_out_and_says_so(measured, capsys):
    absent = Step("spark", "five figures", [], program=["/absent/python"], make="spark-env")
    kept = measured(shell("floor", "true"), absent)
    assert [row["kind"] for row in kept["rows"]] == ["floor"]
    assert "five figures skipped: its environment is absent (make spark-env)" in (
        capsys.readouterr().out
    )


def test_nothing_is_measured_beyond_the_last_step_asked_for(measured):
    kept = measured(shell("floor", "true"), shell("month", "exit 2"), until="floor")
    assert [row["kind"] for row in kept["rows"]] == ["floor"]


def test_a_comparison_that_fails_is_noted(measured):
    kept = measured(shell("pandas", "kill -9 $$"), shell("floor", "true"))
    assert kept["failed"] == {"pandas": -9}
    assert [row["kind"] for row in kept["rows"]] == ["floor"]


def test_a_run_that_fails_keeps_what_was_kept_before(measured, tmp_path):
    before = measured(shell("floor", "true"))
    with pytest.raises(CommandFailedError):
        measured(shell("floor", "true"), shell("first", "exit 2"))
    assert json.loads((tmp_path / "sample-1.json").read_text()) == before
