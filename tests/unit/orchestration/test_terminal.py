"""What a run says."""

import io
import json

import pytest
from rich.console import Console

from orchestration.cli.terminal import (
    Progress,
    check_line,
    current_text,
    failure_text,
    load_line,
    problem_lines,
    success_text,
)
from orchestration.home import Home
from orchestration.runs.record import Problem, RunRecord


@pytest.fixture
def home(tmp_path):
    return Home.at(tmp_path)


def problem(**more):
    values = {"stage": "door", "name": "raw_ledger.invoices.a", "description": "Every a is b."}
    return Problem(**{**values, **more})


def test_a_problem_shows_three_rows_and_the_remedy():
    rows = [{"line": number, "value": None} for number in range(5)]
    lines = problem_lines(problem(rows=rows, advice="Mend it."))
    assert lines[0] == "Check what arrived: raw_ledger.invoices.a: Every a is b."
    assert lines[1:4] == ["    line=0", "    line=1", "    line=2"]
    assert lines[4:] == ["    ...", "  What to do: Mend it."]


def test_failure_says_that_readers_still_see_the_release_before(home):
    record = RunRecord(run_id="r1", problems=[problem()])
    assert "No release was published yet" in failure_text(record, home)
    home.current_release.parent.mkdir(parents=True)
    home.current_release.write_text("")
    text = failure_text(record, home)
    assert f"Readers still see the release before: {home.current_release}" in text
    assert str(home.data_docs / "index.html") in text


def test_failure_points_to_data_docs_only_where_checks_failed(home):
    text = failure_text(RunRecord(problems=[problem(stage="load", name="extracts")]), home)
    assert "index.html" not in text


def test_many_failures_are_cut_and_the_rest_is_found(home):
    record = RunRecord(run_id="r1", problems=[problem(name=f"n{number}") for number in range(40)])
    text = failure_text(record, home)
    assert text.count("Every a is b.") == 12
    assert "28 more" in text
    assert str(home.runs / "r1.json") in text


def test_success_names_what_was_done_and_what_to_open(home):
    record = RunRecord(
        run_id="r1",
        release="0003-20240507T101502Z",
        facts={
            "load": {
                "files": 4,
                "new_files": 2,
                "loaded": 12345,
                "rejected": 6,
                "duplicates": 7,
            },
            "door": {"expectations": 200, "warnings": 1},
            "window": {"expectations": 100, "warnings": 0},
            "dbt": {"test pass": 300, "test warn": 2, "model success": 50},
            "publish": {
                "tables": 19,
                "rows": 98765,
                "as_of_month": "2024-03",
                "restated_figures": 1021,
            },
        },
        seconds={"total": 41.6},
        problems=[problem(is_warning=True)],
    )
    text = success_text(record, home, [("Customers ever", "77")])
    for words in (
        "12,345 rows from 2 new files (4 in the folder); 6 rejected, 7 repeated",
        "200 expectations at the door, 302 dbt tests, 100 at the window; 3 warnings",
        "release 0003-20240507T101502Z: 19 tables, 98,765 rows, as of 2024-03",
        f"1,021 figures of months closed before, in {home.restatements}",
        "Customers ever  77",
        "Every a is b.",
        str(home.current_release),
        str(home.data_docs / "index.html"),
        "kaw up",
        "42 s",
    ):
        assert words in text, words


def test_warnings_of_checks_come_before_the_loaders_notes(home):
    notes = [problem(stage="load", name="notice", description="Same.", is_warning=True)] * 30
    record = RunRecord(run_id="r1", problems=[*notes, problem(is_warning=True)])
    text = success_text(record, home, [])
    assert text.index("Every a is b.") < text.index("Same.")
    assert text.count("Same.") == 3
    assert "31 things" in text


def test_nothing_loaded_is_said():
    assert load_line({"files": 7, "new_files": 0}) == "nothing new; all 7 files were known"


def test_checks_of_a_run_without_checks():
    assert check_line(RunRecord()).startswith("0 expectations")


def test_current_says_how_to_run_all_the_same(home):
    build = home.published / "builds" / "0001-20240507T101502Z"
    build.mkdir(parents=True)
    (build / "manifest.json").write_text(json.dumps({"as_of_month": "2024-03"}))
    (home.published / "current").symlink_to(build)
    text = current_text(home, [])
    assert "Nothing new" in text
    assert "as of 2024-03" in text
    assert "--force" in text


def test_progress_is_one_plain_line_per_stage_where_there_is_no_terminal():
    out = io.StringIO()
    with Progress(Console(file=out)).shown() as progress:
        for number in range(3):
            progress("load", f"file {number}")
        progress("dbt", "1 done")
    assert out.getvalue() == "Load extracts ...\nBuild the marts ...\n"


def test_progress_on_a_terminal_ends_each_stage_with_its_time():
    out = io.StringIO()
    with Progress(Console(file=out, force_terminal=True, width=80)).shown() as progress:
        progress("load", "[odd] name")
        progress("dbt", "1 done")
    assert out.getvalue().count(" s\n") >= 1
    assert "Load extracts" in out.getvalue()
