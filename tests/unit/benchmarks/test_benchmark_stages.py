"""What was seen of a whole command goes to the stage that was under way."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from measure import CommandFailedError, measure
from sampler import Sample, bytes_below, tree_usage
from stages import attribute, cpu_at

START = 1_700_000_000.0
MB = 1_000_000


def span(stage, start, seconds):
    began = datetime.fromtimestamp(START + start, UTC).isoformat(timespec="milliseconds")
    return {"stage": stage, "started_at": began, "seconds": seconds}


def sample(second, cpu, memory, disk=None):
    return Sample(
        START + second, cpu, memory * MB, memory * MB, None if disk is None else disk * MB
    )


# Two seconds before the load, the load until 10, a gap, dbt from 12 to 20, then nothing.
SAMPLES = [
    sample(0, 0.0, 50, 5),
    sample(5, 4.0, 100),
    sample(10, 8.0, 300, 40),
    sample(11, 8.5, 700),
    sample(15, 14.0, 400, 90),
    sample(20, 20.0, 200),
    sample(21, 20.0, 20, 60),
]
SPANS = [span("imports", 0, 2), span("load", 2, 8), span("dbt", 12, 8), span("dagster", 2, 19)]


def test_times_and_peaks_go_to_the_stage_under_way():
    found = attribute(SAMPLES, SPANS, wall=22.0, cpu=21.0)
    assert list(found) == ["load", "dbt", "rest"]
    # 1.6 of the first 4 s were taken in the two seconds before the load.
    assert found["load"] == {"wall": 8.0, "cpu": 6.4, "peak": 300.0, "disk": 40.0}
    assert found["dbt"] == {"wall": 8.0, "cpu": 10.12, "peak": 400.0, "disk": 90.0}


def test_what_lies_outside_every_stage_is_the_rest():
    found = attribute(SAMPLES, SPANS, wall=22.0, cpu=21.0)
    assert found["rest"] == {"wall": 6.0, "cpu": 4.48, "peak": 700.0, "disk": 60.0}
    for what, total in (("wall", 22.0), ("cpu", 21.0)):
        assert sum(taken[what] for taken in found.values()) == pytest.approx(total)


def test_a_stage_shorter_than_two_looks_takes_the_nearest():
    found = attribute(SAMPLES, [span("door", 16, 1)], wall=22.0, cpu=21.0)
    assert found["door"] == {"wall": 1.0, "cpu": 1.2, "peak": 400.0, "disk": 90.0}


def test_a_stage_that_comes_back_is_counted_each_time():
    found = attribute(SAMPLES, [span("dbt", 2, 3), span("dbt", 15, 5)], wall=22.0, cpu=21.0)
    assert found["dbt"] == {"wall": 8.0, "cpu": 8.4, "peak": 400.0, "disk": 90.0}


def test_without_a_folder_there_is_no_disk_and_without_spans_nothing():
    blind = [Sample(seen.at, seen.cpu, seen.memory, seen.largest) for seen in SAMPLES]
    assert "disk" not in attribute(blind, SPANS, 22.0, 21.0)["load"]
    assert attribute(SAMPLES, [], 22.0, 21.0) == {}


def test_time_between_two_looks_runs_straight():
    assert [cpu_at(SAMPLES, START + moment) for moment in (-1, 0, 2.5, 5, 99)] == [0, 0, 2, 4, 20]
    assert cpu_at([], START) == 0.0


def test_a_child_that_has_ended_is_not_lost(tmp_path):
    burn = "import time\nwhile time.process_time() < 0.6: pass"
    parent = f"import subprocess, sys, time\nsubprocess.run([sys.executable, '-c', {burn!r}])\n"
    (tmp_path / "out").write_bytes(b"x" * 100_000)
    command = [sys.executable, "-c", f"{parent}time.sleep(0.5)"]
    result = measure(command, tmp_path / "log", tmp_path / "out")
    assert result.cpu_seconds >= 0.6
    # The child is gone by then; only its parent can tell.
    assert result.samples[-2].cpu >= 0.6
    assert result.disk_mb == pytest.approx(0.1, abs=0.01)


def test_a_command_that_fails_says_how(tmp_path):
    command = [sys.executable, "-c", "print('no luck'); raise SystemExit(3)"]
    with pytest.raises(CommandFailedError, match="no luck") as caught:
        measure(command, tmp_path / "log")
    assert caught.value.status == 3


def test_a_file_with_two_names_takes_its_room_once(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a").write_bytes(b"x" * 65_536)
    os.link(tmp_path / "below" / "a", tmp_path / "b")
    (tmp_path / "c").symlink_to("/usr")
    assert bytes_below(tmp_path) == bytes_below(tmp_path / "b") >= 65_536
    assert bytes_below(tmp_path / "absent") == 0


def test_a_process_that_has_ended_takes_nothing():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert tree_usage(process.pid) == (0, 0, 0)
