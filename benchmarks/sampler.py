"""Watches a command while it runs: processor time, memory and disk, as a line of time."""

from __future__ import annotations

import contextlib
import os
import stat
import threading
import time
from dataclasses import dataclass
from pathlib import Path

SECONDS = 0.2
# A folder is walked this often, and never for more than a twentieth of the time.
DISK_SECONDS = 2.0
DISK_PATIENCE = 20
# What the kernel counts blocks in, whatever the file system's own are.
_BLOCK = 512
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
# Fields of /proc/<pid>/stat after the name: the parent, and user and system time of the process and
# of the children it has waited for.
_PARENT, _TIMES = 1, slice(11, 15)


@dataclass(frozen=True)
class Sample:
    """What a command and everything below it had taken at one moment.

    Attributes:
        at: Moment, in seconds since 1970.
        cpu: Processor time until then, in seconds, that of children which have ended included.
        memory: Bytes resident then; pages that processes share count for each.
        largest: Bytes resident in the largest of the processes.
        disk: Bytes its folder took then; None where the folder was not looked at.
    """

    at: float
    cpu: float
    memory: int
    largest: int
    disk: int | None = None


class Sampler(threading.Thread):
    """Takes samples of a process and everything below it until it is told to stop.

    Attributes:
        samples: What was seen, oldest first.
    """

    def __init__(self, root: int, folder: Path | None = None) -> None:
        """Watch a process.

        Args:
            root: Its number.
            folder: What it writes to; None where it keeps nothing.
        """
        super().__init__(daemon=True)
        self.samples: list[Sample] = []
        self._root, self._folder = root, folder
        self._done = threading.Event()
        self._disk_due = 0.0

    def run(self) -> None:
        """Take samples; called by the thread."""
        while not self._done.wait(SECONDS):
            self._look()

    def stop(self) -> None:
        """Take the last sample, of the disk alone, and end."""
        self._done.set()
        self.join()
        self._disk_due = 0.0
        self._look()

    def _look(self) -> None:
        now = time.time()
        cpu, memory, largest = tree_usage(self._root)
        if self.samples:
            # A child that ends between two looks is for a moment in neither of two places.
            cpu = max(cpu, self.samples[-1].cpu)
        disk = None
        if self._folder is not None and now >= self._disk_due:
            disk = bytes_below(self._folder)
            self._disk_due = now + max(DISK_SECONDS, DISK_PATIENCE * (time.time() - now))
        self.samples.append(Sample(now, cpu, memory, largest, disk))


def tree_usage(root: int) -> tuple[float, int, int]:
    """Return processor seconds and resident bytes of a process and its descendants.

    The bytes are those of all and those of the largest.

    Args:
        root: The process; one that has ended has taken nothing.
    """
    parents: dict[int, int] = {}
    usage: dict[int, tuple[float, int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                # The name in brackets may hold spaces.
                fields = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
                pages = int(Path("/proc", entry, "statm").read_text().split()[1])
            except OSError:
                continue
            parents[int(entry)] = int(fields[_PARENT])
            usage[int(entry)] = sum(map(int, fields[_TIMES])) / _TICKS, pages * _PAGE
    family, grew = {root}, True
    while grew:
        born = {pid for pid, parent in parents.items() if parent in family} - family
        family |= born
        grew = bool(born)
    seen = [usage[pid] for pid in family if pid in usage]
    memory = [resident for _, resident in seen]
    return sum(cpu for cpu, _ in seen), sum(memory), max(memory, default=0)


def bytes_below(path: Path) -> int:
    """Return the bytes that a file, or a folder and all below it, take on disk.

    A file with several names counts once; what goes away meanwhile does not count.

    Args:
        path: File or folder; one that is absent takes nothing.
    """
    try:
        status = os.stat(path)
    except OSError:
        return 0
    if not stat.S_ISDIR(status.st_mode):
        return status.st_blocks * _BLOCK
    total, seen, folders = 0, set(), [str(path)]
    while folders:
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                    continue
                with contextlib.suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    if status.st_nlink == 1 or status.st_ino not in seen:
                        total += status.st_blocks * _BLOCK
                    seen.add(status.st_ino)
    return total
