"""Run a command and measure it: wall time, processor time, memory of all its processes, disk."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
from sampler import Sample, Sampler


class CommandFailedError(RuntimeError):
    """A command ended badly; the text has the end of its output.

    Attributes:
        status: Its exit status; below zero the signal that killed it.
    """

    def __init__(self, text: str, status: int) -> None:
        """Take text and status, both as arguments, so that the error passes between processes."""
        super().__init__(text, status)
        self.status = status

    def __str__(self) -> str:
        """Return the text alone."""
        return str(self.args[0])


@dataclass(frozen=True)
class Measurement:
    """What a command took.

    Attributes:
        wall_seconds: From start to end of the whole process.
        cpu_seconds: Processor time, user and system, of all its processes.
        peak_tree_mb: Largest sum of resident memory over all its processes, in MB of 10^6 bytes;
            sampled, and pages that processes share count for each.
        peak_process_mb: Largest resident memory of one of them, from the kernel, in the same unit.
        disk_mb: Most its folder was seen to hold, in MB of 10^6 bytes; None without a folder.
        busy_before: Share of the processors that other work took in the second before the start.
        samples: What was seen while it ran.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_tree_mb: float
    peak_process_mb: float
    disk_mb: float | None
    busy_before: float
    samples: list[Sample]


def measure(command: list[str], log: Path, folder: Path | None = None) -> Measurement:
    """Run a command to its end.

    The peak of one process is exact for the first command a process measures and an upper bound for
    later ones, because the kernel keeps one maximum over all children; `run.py` therefore measures
    every step in a process of its own.

    Args:
        command: Program and arguments.
        log: File that takes its output.
        folder: Folder or file it writes to, whose size is watched.

    Raises:
        CommandFailedError: The command failed.
    """
    busy = busy_share()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        sampler = Sampler(process.pid, folder)
        sampler.start()
        status = process.wait()
        wall = time.perf_counter() - start
        sampler.stop()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if status != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        text = f"{' '.join(command)} ended with status {status}:\n{tail}"
        raise CommandFailedError(text, status)
    samples = sampler.samples
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    # The kernel's sums lack a child that nobody waited for, as PySpark leaves its Java.
    cpu = max(cpu, *(sample.cpu for sample in samples))
    largest = max(after.ru_maxrss * 1024, *(sample.largest for sample in samples))
    disks = [sample.disk / 1e6 for sample in samples if sample.disk is not None]
    return Measurement(
        round(wall, 2),
        round(cpu, 2),
        round(max(sample.memory for sample in samples) / 1e6, 1),
        round(largest / 1e6, 1),
        round(max(disks), 1) if disks else None,
        round(busy, 2),
        samples,
    )


def busy_share(seconds: float = 1.0) -> float:
    """Watch the processors for a moment and return the share of time they were not idle."""

    def times() -> tuple[int, int]:
        fields = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
        ticks = [int(field) for field in fields]
        return ticks[3] + ticks[4], sum(ticks)

    idle_before, all_before = times()
    time.sleep(seconds)
    idle_after, all_after = times()
    return 1.0 - (idle_after - idle_before) / max(all_after - all_before, 1)


def describe_machine() -> dict[str, str]:
    """Return what the figures depend on: processor, cores, memory, versions."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    return {
        "processor": cpu,
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
    }
