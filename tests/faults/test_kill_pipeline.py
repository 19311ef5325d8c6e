"""`kill -9` in the middle of a run: the next run goes through as if nothing had happened."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from pipeline_support import kaw, release_contents, release_files

pytestmark = pytest.mark.xdist_group("pipeline")

_LONGEST_SECONDS = 300


def wait_for(condition, process):
    end = time.monotonic() + _LONGEST_SECONDS
    while not condition():
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < end, "the run never got there"
        time.sleep(0.02)


def files_loaded(home):
    """Return whether a run is writing raw tables: its write-ahead log exists and grows."""
    log = home / "warehouse" / "key_accounts.duckdb.wal"
    return log.exists() and log.stat().st_size > 0


def models_built(home):
    log = home / "dbt" / "logs" / "dbt.log"
    return log.exists() and "OK created sql table model" in log.read_text("utf-8")


def release_begun(home):
    return any((home / "published" / "builds").glob(".building-*/*"))


@pytest.mark.parametrize("reached", [files_loaded, models_built, release_begun])
def test_a_killed_run_leaves_nothing_behind(home, complete_home, with_last_month, reached):
    with_last_month(home)
    (home / "dbt" / "logs" / "dbt.log").unlink()
    before = release_files(home)
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", "run", "--home", str(home)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(lambda: reached(home), process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert release_files(home) == before

    result = kaw("run", "--home", home)
    assert result.exit_code == 0, result.stderr
    assert release_contents(home) == release_contents(complete_home)
    assert not list((home / "published" / "builds").glob(".building-*"))


def test_dbt_does_not_outlive_a_killed_run(home, with_last_month):
    with_last_month(home)
    (home / "dbt" / "logs" / "dbt.log").unlink()
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", "run", "--home", str(home)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(lambda: models_built(home), process)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert children
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    end = time.monotonic() + 10
    while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < end:
        time.sleep(0.05)
    with duckdb.connect(str(home / "warehouse" / "key_accounts.duckdb")) as connection:
        assert connection.execute("select count(*) from raw_meta.load_batches").fetchone()[0] > 0
