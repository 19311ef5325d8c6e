"""One writer at a time, across processes, by an advisory lock on a file in the home.

The operating system drops the lock when its process ends, however it ends, so a killed run never
blocks the next one.
"""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from orchestration.errors import WarehouseBusyError

# Homes this process writes to already: a run started by the command line takes the lock before
# Dagster does, and flock counts a second descriptor of the same process as a stranger.
_held: set[Path] = set()


@contextmanager
def writer_lock(path: Path, purpose: str) -> Iterator[None]:
    """Hold the writer's lock of a home while the block runs.

    Args:
        path: Lock file; its folder is created.
        purpose: What the holder does, shown to whoever comes second.

    Raises:
        WarehouseBusyError: Another process holds the lock; the text says which, and since when.
    """
    path = path.resolve()
    if path in _held:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WarehouseBusyError(_busy_text(path, descriptor)) from None
        holder = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
            "purpose": purpose,
        }
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        _held.add(path)
        try:
            yield
        finally:
            _held.discard(path)
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _busy_text(path: Path, descriptor: int) -> str:
    try:
        holder = json.loads(os.pread(descriptor, 4096, 0))
        who = (
            f"process {holder['pid']} on {holder['host']} ({holder['purpose']}),"
            f" since {holder['since']}"
        )
    except (ValueError, KeyError):
        who = "another process"
    return (
        f"The warehouse is being written by {who}. Only one run may write at a time:"
        f" wait for it to end, or stop it. Lock file: {path}"
    )
