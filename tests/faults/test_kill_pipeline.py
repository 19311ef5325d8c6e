"""`kill -9` in the middle of a run: the next run goes on as if nothing had happened."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pipeline_support import kaw, release_contents, release_files

# Four runs. make test kills loading and publishing alone, in their own tests.
pytestmark = pytest.mark.slow

_LONGEST_SECONDS = 600


@pytest.fixture
def run(home):
    """Start a run in a process of its own and kill it once `reached` says so."""

    def start_and_kill(reached):
        process = subprocess.Popen(
            [sys.executable, "-m", "orchestration.cli", "run", "--home", str(home)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + _LONGEST_SECONDS
        while not reached():
            assert process.poll() is None, "the run ended before it could be killed"
            assert time.monotonic() < end, "the run never got there"
            time.sleep(0.02)
        children = children_of(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        return children

    return start_and_kill


def children_of(pid):
    tasks = Path(f"/proc/{pid}/task")
    return [int(child) for task in tasks.glob("*/children") for child in task.read_text().split()]


def test_runs_killed_at_every_stage_leave_nothing_behind(home, complete_home, with_last_month, run):
    with_last_month(home)
    before = release_files(home)
    write_ahead_log = home / "warehouse" / "key_accounts.duckdb.wal"
    statements = home / "dbt" / "target" / "run"
    builds = home / "published" / "builds"

    def loading():
        return write_ahead_log.exists() and write_ahead_log.stat().st_size > 0

    def building():
        return any(statements.glob("*/models/marts/**/fct_customer_months.sql"))

    def publishing():
        return any(builds.glob(".building-*/*"))

    run(loading)
    assert release_files(home) == before

    # This run loads again what the one before had begun, and dies while dbt writes marts.
    # It keeps each statement in a file from the moment it runs it.
    shutil.rmtree(statements)
    dbt = run(building)
    assert dbt
    assert release_files(home) == before
    end = time.monotonic() + 30
    while any(Path(f"/proc/{child}").exists() for child in dbt):
        assert time.monotonic() < end, "dbt outlived the run and goes on writing"
        time.sleep(0.05)

    # This one builds on half-built models, and dies while it writes the release.
    run(publishing)
    assert release_files(home) == before

    result = kaw("run", "--home", home)
    assert result.exit_code == 0, result.stderr
    assert release_contents(home) == release_contents(complete_home)
    assert not any(builds.glob(".building-*"))
