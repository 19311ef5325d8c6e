"""The writer's lock: one holder at a time, freed however its holder ends."""

import os
import signal
import subprocess
import sys

import pytest

from orchestration.errors import WarehouseBusyError
from orchestration.runs.lock import writer_lock

HOLD = """
import sys, time
from pathlib import Path
from orchestration.runs.lock import writer_lock
with writer_lock(Path(sys.argv[1]), "a test"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    path = tmp_path / "warehouse" / "writer.lock"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline().strip() == "held"
    yield path, process
    process.kill()
    process.wait()


def test_second_process_is_refused_and_told_who_holds_it(holder):
    path, process = holder
    with pytest.raises(WarehouseBusyError) as caught, writer_lock(path, "kaw run"):
        pass
    assert f"process {process.pid}" in str(caught.value)
    assert "a test" in str(caught.value)


def test_a_killed_holder_leaves_the_lock_free(holder):
    path, process = holder
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with writer_lock(path, "kaw run"):
        pass


def test_the_same_process_may_take_it_again(tmp_path):
    with writer_lock(tmp_path / "lock", "outer"), writer_lock(tmp_path / "lock", "inner"):
        pass


def test_inner_block_does_not_free_the_outer_lock(tmp_path):
    path = tmp_path / "lock"
    with writer_lock(path, "outer"):
        with writer_lock(path, "inner"):
            pass
        refused = subprocess.run(
            [sys.executable, "-c", HOLD, str(path)], capture_output=True, text=True, check=False
        )
    assert refused.returncode != 0
    assert "WarehouseBusyError" in refused.stderr
