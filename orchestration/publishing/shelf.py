"""The published folder on disk: names, the lock, the link, and what dead processes left behind.

Layout::

    builds/0012-20240507T101502Z/    one immutable release: DuckDB file, Parquet, manifest.json
    builds/.building-<id>/           a build under way, or one that died
    current -> builds/<id>           the only path that readers use
    .lock                            held by the one process that may change any of this

A build that was verified but whose process died before the link moved has no `released_at` file.
It was never seen by a reader and is removed like any other leftover.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.publishing.errors import PublishError

DUCKDB_FILE = "key_accounts.duckdb"
MANIFEST_FILE = "manifest.json"
RELEASED_FILE = "released_at"
BUILDING_PREFIX = ".building-"
PRUNED_PREFIX = ".pruned-"
LINK_PREFIX = ".current-"
RELEASE_ID = re.compile(r"^(\d{4,})-\d{8}T\d{6}Z$")


def sequence_of(release_id: str) -> int:
    """Return the leading number of a release id.

    Raises:
        PublishError: The name is not a release id.
    """
    match = RELEASE_ID.match(release_id)
    if match is None:
        raise PublishError(
            f"{release_id!r} in the builds folder is not a release; move it elsewhere."
        )
    return int(match.group(1))


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def fsync_directory(path: Path) -> None:
    """Make the entries of a folder durable.

    Raises:
        OSError: The folder cannot be opened.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, text: str) -> None:
    """Write a small text file and force it to disk."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fsync_directory(path.parent)


@contextlib.contextmanager
def exclusive(home_published: Path) -> Iterator[None]:
    """Hold the only right to change the published folder; the system frees it if the process dies.

    Raises:
        PublishError: Another process holds it, or the folder cannot be written.
    """
    try:
        (home_published / "builds").mkdir(parents=True, exist_ok=True)
        lock = (home_published / ".lock").open("w")
    except OSError as error:
        raise PublishError(
            f"The published folder {home_published} cannot be written ({error}). Give this user "
            "the right to write there, or choose another home."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PublishError(
                f"Another process is publishing to {home_published}. Wait for it to end and try "
                "again."
            ) from error
        yield


def current_id(home_published: Path) -> str | None:
    """Return the id of the release that readers see, or None before the first.

    Raises:
        PublishError: `current` is something other than a link to a build.
    """
    link = home_published / "current"
    if link.is_symlink():
        target = Path(os.readlink(link)).name
        return target if (home_published / "builds" / target / MANIFEST_FILE).exists() else None
    if link.exists():
        raise PublishError(
            f"{link} is not a symbolic link, so it cannot be moved in one step. A copy that "
            "followed links makes it a folder: remove it and publish again."
        )
    return None


def read_manifest(build: Path) -> dict[str, Any]:
    """Read the manifest of a build.

    Raises:
        PublishError: The file is missing or is not JSON.
    """
    path = build / MANIFEST_FILE
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PublishError(
            f"The manifest {path} cannot be read ({error}). Remove that build folder unless it is "
            "the current one; if it is, roll back or publish again."
        ) from error
    return manifest


def next_id(home_published: Path) -> str:
    """Return the id of the release to make next: one above every build on the shelf."""
    builds = home_published / "builds"
    taken = [
        sequence_of(path.name)
        for path in (builds.iterdir() if builds.is_dir() else ())
        if RELEASE_ID.match(path.name)
    ]
    return f"{max(taken, default=0) + 1:04d}-{utc_now():%Y%m%dT%H%M%SZ}"


def clean_leftovers(home_published: Path) -> list[str]:
    """Remove what dead publishes left behind; return the names removed.

    Call it under `exclusive`. Builds under way of other processes cannot exist then.
    """
    builds = home_published / "builds"
    current = current_id(home_published)
    if current is not None:
        mark_released(builds / current)
    removed = []
    for path in sorted(builds.iterdir()):
        is_dead = path.name.startswith((BUILDING_PREFIX, PRUNED_PREFIX)) or (
            RELEASE_ID.match(path.name) is not None and not (path / RELEASED_FILE).exists()
        )
        if is_dead:
            shutil.rmtree(path)
            removed.append(path.name)
    for path in sorted(home_published.glob(f"{LINK_PREFIX}*")):
        path.unlink()
        removed.append(path.name)
    return removed


def mark_released(build: Path) -> None:
    """Note when a build first became current; later calls change nothing."""
    marker = build / RELEASED_FILE
    if not marker.exists():
        temporary = build / f".{RELEASED_FILE}"
        write_durably(temporary, f"{utc_now():%Y-%m-%dT%H:%M:%SZ}\n")
        temporary.rename(marker)
        fsync_directory(build)


def flip(home_published: Path, release_id: str) -> None:
    """Make a release current in one step.

    The link to the folder is renamed over the old one, which is atomic (POSIX rename). Replacing
    the DuckDB file itself would not do: DuckDB keeps open files by path, and readers that overlap
    would go on reading the old content under the new name.
    """
    temporary = home_published / f"{LINK_PREFIX}{release_id}"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(Path("builds") / release_id, target_is_directory=True)
    os.replace(temporary, home_published / "current")
    fsync_directory(home_published)
    mark_released(home_published / "builds" / release_id)
