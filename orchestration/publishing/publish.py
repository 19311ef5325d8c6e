"""Makes a release: build beside, verify, move the link, tidy up."""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing import parquet, writer
from orchestration.publishing.content import quote, read_content, text
from orchestration.publishing.errors import PublishError
from orchestration.publishing.manifest import (
    FORMAT_VERSION,
    STORAGE_VERSION,
    code_version,
    file_entry,
    mart_entry,
    run_facts,
    warehouse_facts,
)
from orchestration.publishing.marts import read_catalog
from orchestration.publishing.releases import Release, prune, status
from orchestration.publishing.restatements import compare, note_code
from orchestration.publishing.schema_diff import check_schema
from orchestration.publishing.shelf import (
    BUILDING_PREFIX,
    DUCKDB_FILE,
    MANIFEST_FILE,
    clean_leftovers,
    exclusive,
    flip,
    fsync_directory,
    next_id,
    read_manifest,
    utc_now,
    write_durably,
)
from orchestration.publishing.verify import verify
from orchestration.publishing.writer import RELEASE, Previous


def publish(
    home_published: Path,
    warehouse: Path,
    *,
    run_id: str,
    manifest_extra: dict[str, Any],
    retain: int = 5,
    memory_limit: str = "4GB",
    threads: int = 2,
    marts_schema: str = "marts",
    dbt_manifest: Path | None = None,
    allow_breaking: Collection[str] = (),
    erasures: str | None = None,
) -> Release:
    """Publish the marts of a warehouse as a new release.

    Readers see the last release until the new one is complete, verified and on disk; then they see
    the new one. If anything fails, or the process is killed at any moment, the last release stays.

    Args:
        home_published: The published folder; created if absent.
        warehouse: DuckDB file of the warehouse; no process may hold it open for writing.
        run_id: Run of the pipeline that built the marts.
        manifest_extra: What the caller knows about the run, as JSON values. `as_of_month`
            (`YYYY-MM`), `extracts` (fingerprints), `checks` (summary of results) and `code_version`
            take the place of what is found here; anything else goes below `run`.
        retain: Releases to keep, at least 1, the new one included.
        memory_limit: Memory DuckDB may use, such as `4GB`.
        threads: Threads DuckDB may use.
        marts_schema: Schema of the marts in the warehouse.
        dbt_manifest: dbt's manifest.json, for keys, versions, descriptions and what not to publish.
        allow_breaking: Marts whose breaking changes may go out because their readers were told.
        erasures: Fingerprint of the list of erasures. Where the release before followed another
            list, nothing of it is built upon and no earlier release is kept.

    Returns:
        The new release, current now.

    Raises:
        PublishError: Nothing was published; the message says why and what to do.
    """
    if retain < 1:
        raise PublishError(f"retain is {retain}; at least 1 release has to be kept.")
    if not warehouse.is_file():
        raise PublishError(f"There is no warehouse file {warehouse}. Run the pipeline first.")
    with exclusive(home_published):
        clean_leftovers(home_published)
        release_id = next_id(home_published)
        build = home_published / "builds" / f"{BUILDING_PREFIX}{release_id}"
        build.mkdir()
        previous = _previous(home_published)
        same_list = previous is not None and previous.manifest.get("erasures") == erasures
        try:
            manifest = _build(
                build,
                warehouse,
                previous=previous,
                base=_reusable(previous) if same_list else None,
                settings={"memory_limit": memory_limit, "threads": threads},
                marts_schema=marts_schema,
                dbt_manifest=dbt_manifest,
                allow_breaking=allow_breaking,
            )
            identity = {"release_id": release_id, "run_id": run_id, "created_at": _now_text()}
            identity |= {"erasures": erasures} if erasures else {}
            manifest = {**identity, **manifest, **run_facts(manifest_extra, manifest)}
            note_code(manifest, previous)
            manifest_text = json.dumps(manifest, indent=1, ensure_ascii=False, default=str)
            write_durably(build / MANIFEST_FILE, manifest_text + "\n")
        except (duckdb.Error, OSError) as error:
            shutil.rmtree(build, ignore_errors=True)
            raise PublishError(_advise(error, warehouse)) from error
        except BaseException:
            shutil.rmtree(build, ignore_errors=True)
            raise
        finished = build.rename(home_published / "builds" / release_id)
        fsync_directory(home_published / "builds")
        flip(home_published, release_id)
        prune(home_published, retain)
        return Release(release_id, finished.absolute(), True, read_manifest(finished))


def _previous(home_published: Path) -> Release | None:
    """Return the release that readers see; if `current` is lost, the newest one."""
    releases = status(home_published)
    newest = releases[0] if releases else None
    return next((release for release in releases if release.is_current), newest)


def _build(
    build: Path,
    warehouse: Path,
    *,
    previous: Release | None,
    base: Previous | None,
    settings: dict[str, Any],
    marts_schema: str,
    dbt_manifest: Path | None,
    allow_breaking: Collection[str],
) -> dict[str, Any]:
    """Write and verify all files of a build; return its manifest but for what the run says."""
    clock = _Clock()
    temporary = build / "tmp"
    temporary.mkdir()
    settings = {
        **settings,
        "temp_directory": str(temporary),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    target = build / DUCKDB_FILE
    with _attached(warehouse, settings) as connection:
        # The warehouse keeps the name that views inside it use.
        database = warehouse.stem
        catalog = read_catalog(connection, database, marts_schema, dbt_manifest)
        known = previous.manifest["marts"] if previous else {}
        changes = check_schema(known, catalog.marts, allow_breaking)
        source = f"{quote(database)}.{quote(marts_schema)}"
        content = {
            name: read_content(connection, f"{source}.{quote(name)}", mart)
            for name, mart in catalog.marts.items()
        }
        facts = warehouse_facts(connection, database, catalog, marts_schema)
        clock.lap("compare")
        work = writer.plan(catalog.marts, content, base)
        if work.copy_file and base is not None:
            writer.copy_previous_file(base.path / DUCKDB_FILE, target)
        connection.execute(
            f"attach {text(str(target))} as {RELEASE} (storage_version '{STORAGE_VERSION}')"
        )
        untouched = writer.write_tables(connection, catalog.marts, source, work, base)
        connection.execute(f"checkpoint {RELEASE}")
        clock.lap("duckdb_file")
        files = parquet.write_parquet(connection, build, catalog.marts, work, base)
        connection.execute(f"detach {RELEASE}")
        clock.lap("parquet")
    writer.finish_file(target)
    verify(build, catalog.marts, content, files=files, untouched=untouched, settings=settings)
    shutil.rmtree(temporary)
    clock.lap("verify")
    restated = compare(build, previous, catalog.marts, facts["as_of_month"]) if previous else None
    clock.lap("restatements")
    for folder in (build, *(path for path in build.rglob("*") if path.is_dir())):
        fsync_directory(folder)
    clock.lap("sync")
    return {
        "format_version": FORMAT_VERSION,
        "previous_release": previous.release_id if previous else None,
        "duckdb_version": duckdb.__version__,
        **facts,
        "code_version": code_version(),
        "schema_changes": [str(change) for change in changes] if previous else [],
        "restatements": restated,
        "duckdb_file": file_entry(target, content, work, base),
        "marts": {
            name: mart_entry(mart, content[name], files[name])
            for name, mart in catalog.marts.items()
        },
        "unpublished": catalog.unpublished,
        "seconds": clock.seconds,
    }


class _Clock:
    """Seconds spent in each step of a publish."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        """Note the seconds since the last lap under a name."""
        now = time.perf_counter()
        self.seconds[step] = round(now - self._last, 3)
        self._last = now


@contextlib.contextmanager
def _attached(warehouse: Path, settings: dict[str, Any]) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:", config=settings) as connection:
        # A bar drawn by DuckDB would run through the command line's own progress display.
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"attach {text(str(warehouse))} as {quote(warehouse.stem)} (read_only)")
        yield connection


def _reusable(previous: Release | None) -> Previous | None:
    """Return the last release if files written now would be the same as its own."""
    if previous is None:
        return None
    made_alike = (
        previous.manifest.get("format_version") == FORMAT_VERSION
        and previous.manifest.get("duckdb_version") == duckdb.__version__
        and previous.duckdb_path.is_file()
        and previous.duckdb_path.stat().st_size == previous.manifest["duckdb_file"]["bytes"]
    )
    return Previous(previous.path, previous.manifest) if made_alike else None


def _now_text() -> str:
    return f"{utc_now():%Y-%m-%dT%H:%M:%SZ}"


def _advise(error: Exception, warehouse: Path) -> str:
    """Say what to do about a failure of DuckDB or of the file system."""
    message = str(error)
    lowered = message.lower()
    if "lock on file" in lowered or "already attached" in lowered or "different config" in lowered:
        advice = f"Close whatever has {warehouse} open for writing and try again."
    elif "no space left" in lowered:
        advice = "Free disk space, or keep fewer releases, and try again."
    elif "out of memory" in lowered:
        advice = "Raise the memory limit and try again."
    else:
        advice = "Nothing was published and the last release is still current. Try again."
    return f"Publishing failed: {message}. {advice}"
