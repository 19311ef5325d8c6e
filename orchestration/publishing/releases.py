"""The releases on the shelf: list them, drop the oldest, go back to the one before."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestration.publishing.errors import PublishError
from orchestration.publishing.shelf import (
    DUCKDB_FILE,
    MANIFEST_FILE,
    PRUNED_PREFIX,
    RELEASE_ID,
    RELEASED_FILE,
    current_id,
    exclusive,
    flip,
    mark_released,
    read_manifest,
    sequence_of,
)


@dataclass(frozen=True)
class Release:
    """One published release.

    Attributes:
        release_id: Name of the build folder; its leading number rises with every release.
        path: Folder of the release, absolute.
        is_current: Whether readers see this release now.
        manifest: Content of `manifest.json`.
    """

    release_id: str
    path: Path
    is_current: bool
    manifest: dict[str, Any] = field(repr=False, compare=False)

    @property
    def sequence(self) -> int:
        """Number of the release, rising by one."""
        return sequence_of(self.release_id)

    @property
    def duckdb_path(self) -> Path:
        """DuckDB file of the release. Readers should go through `published/current` instead."""
        return self.path / DUCKDB_FILE

    @property
    def as_of_month(self) -> str | None:
        """Last month reported, `YYYY-MM`, or None if the marts do not tell."""
        return self.manifest.get("as_of_month")

    @property
    def run_id(self) -> str:
        """Run of the pipeline that made the release."""
        return str(self.manifest.get("run_id", ""))

    @property
    def previous_release(self) -> str | None:
        """Release that was current when this one was made; the target of a rollback."""
        return self.manifest.get("previous_release")

    @property
    def released_at(self) -> str | None:
        """When the release first became current, UTC, ISO 8601."""
        marker = self.path / RELEASED_FILE
        return marker.read_text(encoding="utf-8").strip() if marker.exists() else None

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows by mart."""
        return {name: mart["row_count"] for name, mart in self.manifest.get("marts", {}).items()}

    @property
    def total_bytes(self) -> int:
        """Size of the DuckDB file and all Parquet files in bytes.

        Parquet files shared with another release by hard link count in both.
        """
        marts = self.manifest.get("marts", {}).values()
        parquet = sum(file["bytes"] for mart in marts for file in mart["files"])
        return int(parquet + self.manifest.get("duckdb_file", {}).get("bytes", 0))


def status(home_published: Path) -> list[Release]:
    """List the releases on the shelf, newest first.

    Args:
        home_published: The published folder; it need not exist yet.

    Returns:
        Releases that are or once were current. `is_current` marks the one readers see.

    Raises:
        PublishError: A manifest cannot be read, or `current` is not a link.
    """
    builds = home_published / "builds"
    if not builds.is_dir():
        return []
    current = current_id(home_published)
    found = []
    for path in builds.iterdir():
        is_current = path.name == current
        if not RELEASE_ID.match(path.name) or not (path / MANIFEST_FILE).exists():
            continue
        if not is_current and not (path / RELEASED_FILE).exists():
            continue
        try:
            manifest = read_manifest(path)
        except PublishError:
            if not path.exists():
                continue  # dropped by a publish under way
            raise
        found.append(Release(path.name, path.absolute(), is_current, manifest))
    return sorted(found, key=lambda release: release.sequence, reverse=True)


def prune(home_published: Path, retain: int) -> list[str]:
    """Remove all but the newest `retain` releases; return the names removed.

    The current release and the one that a rollback would go to are not removed, but for releases
    made by another list of erasures than the current one's: they hold what had to go.
    """
    releases = status(home_published)
    kept = {release.release_id for release in releases[:retain]}
    for release in releases:
        if release.is_current:
            kept |= {release.release_id, release.previous_release or release.release_id}
            erasures = release.manifest.get("erasures")
            kept -= {
                other.release_id for other in releases if other.manifest.get("erasures") != erasures
            }
    removed = []
    for release in releases:
        if release.release_id not in kept:
            # Renamed first, so that nobody ever sees half a release on the shelf.
            doomed = release.path.rename(
                release.path.parent / f"{PRUNED_PREFIX}{release.release_id}"
            )
            shutil.rmtree(doomed, ignore_errors=True)
            removed.append(release.release_id)
    return removed


def rollback(home_published: Path) -> Release:
    """Make the release before the current one current again.

    "Before" means the release that was current when the current one was made, so a release that
    was itself rolled back is skipped. The release left behind stays on the shelf, and the next
    publish goes forward with a new number.

    Args:
        home_published: The published folder.

    Returns:
        The release that readers see now.

    Raises:
        PublishError: There is no current release, nothing before it is kept, what is kept is
            damaged, or another process is publishing.
    """
    with exclusive(home_published):
        releases = {release.release_id: release for release in status(home_published)}
        current = next((release for release in releases.values() if release.is_current), None)
        if current is None:
            raise PublishError(f"Nothing is published in {home_published} yet: run kaw run first.")
        target = releases.get(current.previous_release or "")
        if target is None:
            raise PublishError(
                f"No release before {current.release_id} is kept, so there is nothing to roll back "
                "to. Publish a corrected run instead."
            )
        check_intact(target)
        mark_released(current.path)
        flip(home_published, target.release_id)
        return Release(target.release_id, target.path, True, target.manifest)


def check_intact(release: Release) -> None:
    """Refuse a release whose files are not those of its manifest, by name and size.

    Raises:
        PublishError: A file is missing or has another size.
    """
    expected = {DUCKDB_FILE: release.manifest["duckdb_file"]["bytes"]}
    for mart in release.manifest["marts"].values():
        expected |= {file["path"]: file["bytes"] for file in mart["files"]}
    for name, size in expected.items():
        path = release.path / name
        if not path.is_file() or path.stat().st_size != size:
            raise PublishError(
                f"Release {release.release_id} is damaged: {name} is missing or does not have the "
                f"{size} bytes of its manifest. Publish a corrected run instead."
            )
