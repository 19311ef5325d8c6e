"""Run the refresh job in this process, as the command line does.

The decision whether a run is needed at all is taken here, before Dagster and dbt are imported:
their imports alone take longer than finding out that nothing changed.
"""

import contextlib
import importlib
import json
import os
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.dbt.manifest import prepare_manifest
from orchestration.errors import PipelineError, UsageError
from orchestration.home import Home
from orchestration.mappings_lookup import find_mapping
from orchestration.runs.fingerprint import (
    code_version_hash,
    hash_extracts,
    hash_file,
    run_fingerprint,
)
from orchestration.runs.lock import writer_lock
from orchestration.runs.record import Listener, Problem, RunRecord, observed
from orchestration.settings import Settings, load_settings

_HASHES = ".extract_hashes.json"
_LOG = "last_run.log"
_STEPS = ("load", "door", "dbt", "window", "publish", "report")


@dataclass(frozen=True)
class Request:
    """What a run was asked to do.

    Attributes:
        home: Home folder.
        extracts: Extracts folder; None takes the home's.
        mapping: Mapping file or name; None takes the settings', the extracts' own, or `contract`.
        as_of: Month reported, YYYY-MM; None leaves it to the data.
        as_known: Leave out what was delivered after that month could first be reported.
        full_refresh: Rebuild incremental models from nothing.
        force: Run even where the release is current.
        allow_breaking: Marts that may lose or change columns in this release.
    """

    home: Home
    extracts: Path | None = None
    mapping: str | None = None
    as_of: str | None = None
    as_known: bool = False
    full_refresh: bool = False
    force: bool = False
    allow_breaking: tuple[str, ...] = ()


def run_pipeline(
    request: Request, listener: Listener, overrides: Mapping[str, Any] | None = None
) -> RunRecord:
    """Load, check, build, check and publish, unless the release is current already.

    Args:
        request: What to run.
        listener: Told what is going on, as (stage, message).
        overrides: Resources that take the place of the usual ones, by name.

    Returns:
        The run's record. Its status is published, current or failed; a failed run has at least one
        problem, and what was published before is untouched.

    Raises:
        UsageError: The mapping does not exist or the settings are no good.
        WarehouseBusyError: Another run is under way.
    """
    home = request.home
    start = time.perf_counter()
    settings = load_settings(home)
    extracts = (request.extracts or home.extracts).resolve()
    mapping = find_mapping(request.mapping or settings.mapping, extracts)
    record = RunRecord(run_id=str(uuid.uuid4()))
    record.options = {
        "extracts": str(extracts),
        "mapping": str(mapping),
        "as_of": request.as_of,
        "as_known": request.as_known,
        "full_refresh": request.full_refresh,
    }
    with writer_lock(home.lock, "kaw run"):
        home.prepare()
        if not extracts.is_dir():
            record.problems.append(_missing_extracts(extracts))
        else:
            listener("plan", "looking for changes")
            with record.timed("plan"):
                fingerprint = _fingerprint(request, settings, extracts, mapping)
            if not (request.force or request.full_refresh) and is_current(home, fingerprint):
                record.status = "current"
            else:
                inputs = {
                    "extracts": str(extracts),
                    "mapping": str(mapping),
                    "as_of": request.as_of,
                    "as_known": request.as_known,
                    "full_refresh": request.full_refresh,
                    "fingerprint": fingerprint,
                    "allow_breaking": list(request.allow_breaking),
                }
                _execute(request, inputs, record, listener, overrides)
        if record.status not in ("current", "published"):
            record.status = "failed"
        record.seconds["total"] = round(time.perf_counter() - start, 3)
        _add_overhead(record)
        record.write(home.runs)
    return record


def is_current(home: Home, fingerprint: str) -> bool:
    """Return whether readers already see what a run with this fingerprint would publish.

    Args:
        home: The home.
        fingerprint: Hash of the run's inputs.
    """
    manifest = home.published / "current" / "manifest.json"
    try:
        published = json.loads(manifest.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    same = published.get("run", {}).get("fingerprint") == fingerprint
    return same and home.current_release.exists() and home.warehouse.exists()


def _fingerprint(request: Request, settings: Settings, extracts: Path, mapping: Path) -> str:
    cache = request.home.runs / _HASHES
    known: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError):
        known = json.loads(cache.read_text("utf-8"))
    hashes = hash_extracts(extracts, known.get(str(extracts), {}))
    partial = cache.with_suffix(".partial")
    partial.write_text(json.dumps({str(extracts): hashes}), "utf-8")
    os.replace(partial, cache)
    options = {
        "mapping": hash_file(mapping),
        "as_of": request.as_of,
        "as_known": request.as_known,
        "reporting_currency": settings.reporting_currency,
        "code": code_version_hash(),
    }
    if request.home.erasures.exists():
        options["erasures"] = hash_file(request.home.erasures)
    return run_fingerprint(hashes, options)


def _execute(
    request: Request,
    inputs: Mapping[str, Any],
    record: RunRecord,
    listener: Listener,
    overrides: Mapping[str, Any] | None,
) -> None:
    """Run Dagster's refresh job here and let it fill the record.

    Args:
        request: What to run.
        inputs: Fields of the pipeline resource, found from the request.
        record: Filled with what happens.
        listener: Told what is going on.
        overrides: Resources that take the place of the usual ones.
    """
    home = request.home
    os.environ.update(home.dagster_environment)
    with _quiet(home.runs / _LOG) as log:
        listener("plan", "starting Dagster")
        with record.timed("imports"), ThreadPoolExecutor(1) as second_core:
            # dbt parses in a process of its own, if it must, while this one imports Dagster.
            parsed = second_core.submit(prepare_manifest, home, load_settings(home))
            import dagster as dg  # noqa: PLC0415 - seconds

            from orchestration.definitions import build_defs  # noqa: PLC0415 - seconds
            from orchestration.jobs import REFRESH, pipeline_config  # noqa: PLC0415
            from orchestration.runs.history_repair import close_dead_runs  # noqa: PLC0415
        # Great Expectations takes seconds to import, which the loader can spend in DuckDB.
        threading.Thread(target=_import_checks, daemon=True).start()
        try:
            with record.timed("definitions"):
                parsed.result()
                job = build_defs(home, overrides).resolve_job_def(REFRESH)
        except UsageError:
            raise
        except PipelineError as error:
            record.problems.append(Problem("plan", "pipeline", str(error)))
            return
        with (
            record.timed("dagster"),
            dg.DagsterInstance.from_config(str(home.dagster)) as instance,
            observed(record, listener),
        ):
            close_dead_runs(instance)
            result = job.execute_in_process(
                run_config=pipeline_config(str(home.root), **inputs),
                instance=instance,
                run_id=record.run_id,
                raise_on_error=False,
                tags={"kaw/code_version": code_version_hash()[:12]},
            )
        if record.status != "published" and not record.failures:
            record.problems.append(_unexpected(result, log))


def _import_checks() -> None:
    with contextlib.suppress(Exception):  # raised again, and reported, where the checks run
        importlib.import_module("expectations.runner")


def _unexpected(result: Any, log: Path) -> Problem:
    """Describe a step that failed, or never ran, for a reason no asset has put into words."""
    texts = []
    for event in result.all_events:
        error = event.step_failure_data.error if event.is_step_failure else None
        while error is not None and error.cause is not None:
            error = error.cause
        if error is not None:
            texts.append(f"{event.step_key}: {error.message.strip()}")
    skipped = sorted({event.step_key for event in result.all_events if event.is_step_skipped})
    if skipped and not texts:
        return Problem(
            "run",
            "skipped steps",
            f"{', '.join(skipped)} never ran, because a model they wait for was planned and not"
            " built: the project's files changed while the run was under way.",
            advice=f"Run again. The whole trace is in {log}",
        )
    description = "; ".join(texts) or "the run failed before its first step"
    return Problem("run", "unexpected error", description, advice=f"The whole trace is in {log}")


def _missing_extracts(folder: Path) -> Problem:
    return Problem(
        "load",
        "extracts",
        f"The extracts folder {folder} does not exist.",
        advice="Name the folder that holds the extracts with --extracts, or create a sample company"
        " with `kaw sample`.",
    )


def _add_overhead(record: RunRecord) -> None:
    """Set what Dagster itself took: its time less that of the steps inside it."""
    steps = sum(record.seconds.get(stage, 0.0) for stage in _STEPS)
    if "dagster" in record.seconds:
        record.seconds["orchestration"] = round(record.seconds.pop("dagster") - steps, 3)


@contextlib.contextmanager
def _quiet(log: Path) -> Iterator[Path]:
    """Send what Dagster and dbt print to a file; the terminal belongs to the progress display."""
    with (
        log.open("w", encoding="utf-8", buffering=1) as stream,
        contextlib.redirect_stdout(stream),
        contextlib.redirect_stderr(stream),
    ):
        yield log
