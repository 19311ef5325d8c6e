"""Run a command and measure it whole: wall time, processor time, memory of all its processes."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

SAMPLE_SECONDS = 0.1
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Measurement:
    """What a command took.

    Attributes:
        wall_seconds: From start to end of the whole process.
        cpu_seconds: Processor time, user and system, of all its processes.
        peak_tree_mb: Largest sum of resident memory over all its processes, in MB of 10^6 bytes;
            sampled, and pages that processes share count for each.
        peak_process_mb: Largest resident memory of one of them, from the kernel, in the same unit.
        busy_before: Share of the processors that other work took in the second before the start.
    """

    wall_seconds: float
    cpu_seconds: float
    peak_tree_mb: float
    peak_process_mb: float
    busy_before: float


def measure(command: list[str], log: Path) -> Measurement:
    """Run a command to its end.

    The peak of one process is exact for the first command a process measures and an upper bound for
    later ones, because the kernel keeps one maximum over all children; `run.py` therefore measures
    every step in a process of its own.

    Args:
        command: Program and arguments.
        log: File that takes its output.

    Raises:
        RuntimeError: The command failed; the message has the end of its output.
    """
    busy = busy_share()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        sampler = _Sampler(process.pid)
        sampler.start()
        status = process.wait()
        wall = time.perf_counter() - start
        sampler.stop()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if status != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise RuntimeError(f"{' '.join(command)} ended with status {status}:\n{tail}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measurement(
        round(wall, 2),
        round(cpu, 2),
        round(sampler.peak / 1e6, 1),
        round(after.ru_maxrss * 1024 / 1e6, 1),
        round(busy, 2),
    )


class _Sampler(threading.Thread):
    """Watches the resident memory of a process and everything below it."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._root = root
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, _tree_memory(self._root))

    def stop(self) -> None:
        self._done.set()
        self.join()


def _tree_memory(root: int) -> int:
    """Return the bytes resident in a process and its descendants."""
    parents, memory = {}, {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                # The name in brackets may hold spaces; the parent is the second field after it.
                stat = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
                pages = int(Path("/proc", entry, "statm").read_text().split()[1])
            except OSError:
                continue
            parents[int(entry)], memory[int(entry)] = int(stat[1]), pages * _PAGE
    family, grew = {root}, True
    while grew:
        born = {pid for pid, parent in parents.items() if parent in family} - family
        family |= born
        grew = bool(born)
    return sum(memory.get(pid, 0) for pid in family)


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
    memory = os.sysconf("SC_PHYS_PAGES") * _PAGE / 1e9
    return {
        "processor": cpu,
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
    }
