"""A whole run, from the outside: what it says, what it leaves, what a second one does."""

import subprocess
import sys

import dagster as dg
import duckdb
import pytest
from pipeline_support import LAST_MONTH, copy_home, kaw, release_contents, release_files

from orchestration.home import Home
from orchestration.runs.lock import writer_lock
from orchestration.runs.record import read_records

HOLD = """
import sys
from pathlib import Path
from orchestration.runs.lock import writer_lock
with writer_lock(Path(sys.argv[1]), "the nightly run"):
    print("held", flush=True)
    sys.stdin.read()
"""


def last_record(home):
    return read_records(home / "runs", 1)[0]


def test_everything_a_company_owns_is_in_its_home(published_home):
    home = Home.at(published_home)
    assert home.warehouse.is_file()
    assert (home.data_docs / "index.html").is_file()
    assert home.current_release.is_file()
    assert (home.dagster / "dagster.yaml").is_file()
    assert (home.dbt_target / "run_results.json").is_file()
    assert (home.published / "current").is_symlink()


def test_record_holds_counts_checks_and_shares_of_time(complete_home):
    record = last_record(complete_home)
    assert record["status"] == "published"
    assert record["facts"]["load"]["loaded"] > 0
    assert record["facts"]["door"]["failed"] == record["facts"]["window"]["failed"] == 0
    assert record["facts"]["door"]["expectations"] > 100
    assert record["facts"]["window"]["expectations"] > 50
    assert record["facts"]["dbt"]["test pass"] > 100
    parts = ("imports", "definitions", "load", "door", "dbt", "window", "publish", "orchestration")
    seconds = record["seconds"]
    assert all(seconds[part] >= 0 for part in parts)
    assert sum(seconds[part] for part in parts) <= seconds["total"] + 1


def test_a_second_run_finds_nothing_to_do(home):
    """Not even one that reads the same files at another place."""
    before = release_files(home)
    result = kaw("run", "--home", home)
    assert result.exit_code == 0
    assert "Nothing new" in result.stdout
    assert "2025-11" in result.stdout
    assert release_files(home) == before


def test_a_touched_file_is_nothing_new(home):
    for path in (home / "extracts").rglob("*.csv.gz"):
        path.touch()
    assert "Nothing new" in kaw("run", "--home", home).stdout


def test_a_new_month_adds_that_month(published_home, complete_home):
    def months(home):
        path = home / "published" / "current" / "key_accounts.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            query = "select max(reporting_month)::varchar from dim_months"
            return connection.execute(query).fetchone()

    assert months(published_home) == ("2025-11-01",)
    assert months(complete_home) == ("2025-12-01",)


def test_a_month_that_came_broken_is_published_once_it_is_whole(complete_home):
    published, failed, *_ = read_records(complete_home / "runs")
    assert (failed["status"], failed["release"]) == ("failed", None)
    assert published["status"] == "published"


@pytest.mark.slow
def test_an_earlier_month_then_everything_again_from_nothing(complete_home, tmp_path):
    home = copy_home(complete_home, tmp_path / "home")
    result = kaw("run", "--home", home, "--as-of", "2025-06")
    assert result.exit_code == 0, result.stderr
    assert "as of 2025-06" in result.stdout
    assert "Nothing new" in kaw("run", "--home", home, "--as-of", "2025-06").stdout
    status = kaw("status", "--home", home).stdout
    assert "as of 2025-06" in status
    assert "as of 2025-12" in status

    rolled_back = kaw("publish", "--rollback", "--home", home)
    assert rolled_back.exit_code == 0
    assert "as of 2025-12" in rolled_back.stdout
    assert release_contents(home) == release_contents(complete_home)

    result = kaw("run", "--home", home, "--full-refresh")
    assert result.exit_code == 0, result.stderr
    assert last_record(home)["facts"]["load"]["new_files"] == 0
    assert release_contents(home) == release_contents(complete_home)


def test_headline_figures_are_those_of_the_published_file(home):
    path = home / "published" / "current" / "key_accounts.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        customers = connection.execute(
            "select count(distinct customer_key) from fct_invoice_lines where is_qualifying"
        ).fetchone()[0]
    printed = kaw("run", "--home", home).stdout
    assert f"Customers ever {customers}" in " ".join(printed.split())
    assert "Churn in 2025-11" in printed


def test_a_run_beside_another_is_refused(home):
    home = Home.at(home)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline().strip() == "held"
        result = kaw("run", "--home", home.root, "--force")
        assert result.exit_code == 1
        assert str(process.pid) in result.stderr
        assert "the nightly run" in result.stderr
    finally:
        process.communicate()
    with writer_lock(home.lock, "a test"):
        pass


def test_runs_are_in_dagsters_history(home, monkeypatch):
    home = Home.at(home)
    monkeypatch.setenv("DAGSTER_HOME", str(home.dagster))
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        run = instance.get_runs(limit=1)[0]
        assert run.job_name == "refresh"
        assert run.status is dg.DagsterRunStatus.SUCCESS
        assert instance.get_latest_materialization_event(dg.AssetKey(["published", "release"]))


def test_sample_of_another_kind_is_not_written_over_extracts(home):
    result = kaw("sample", "--home", home, "--seed", "7")
    assert result.exit_code == 2
    assert LAST_MONTH not in result.stdout
