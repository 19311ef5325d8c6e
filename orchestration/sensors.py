"""Starts a refresh when extracts arrived or changed."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.home import Home
from orchestration.jobs import pipeline_config
from orchestration.runs.fingerprint import hash_extracts, list_extracts
from orchestration.settings import Settings

EXTRACTS_SENSOR = "new_extracts"
_INTERVAL_SECONDS = 60


def content_cursor(folder: Path) -> tuple[str, float]:
    """Return the hash of a folder's files by name and content, and when the newest was written.

    A file that is copied again with the same bytes does not change the hash, so nothing runs.

    Args:
        folder: Extracts folder; an absent one counts as empty.

    Returns:
        Hash as hexadecimal text, empty for no files; modification time in seconds since 1970.
    """
    if not folder.is_dir():
        return "", 0.0
    files = list_extracts(folder)
    if not files:
        return "", 0.0
    contents = {name: entry["hash"] for name, entry in hash_extracts(folder, {}).items()}
    digest = hashlib.sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()
    return digest, max(path.stat().st_mtime for path in files)


def build_sensor(job: Any, home: Home, settings: Settings) -> dg.SensorDefinition:
    """Return the sensor that watches the home's extracts.

    Args:
        job: Job to start.
        home: Home whose extracts are watched.
        settings: How long files must have lain still, and whether the sensor runs from the start.
    """
    schedule, status = settings.schedule, dg.DefaultSensorStatus

    @dg.sensor(
        name=EXTRACTS_SENSOR,
        job=job,
        minimum_interval_seconds=_INTERVAL_SECONDS,
        description="Starts a refresh when files in the extracts folder are new or changed.",
        default_status=status.RUNNING if schedule.enabled else status.STOPPED,
    )
    def new_extracts(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        cursor, newest = content_cursor(home.extracts)
        if not cursor:
            return dg.SkipReason(f"There are no extracts in {home.extracts}.")
        if cursor == context.cursor:
            return dg.SkipReason("Nothing new.")
        if time.time() - newest < schedule.settle_seconds:
            return dg.SkipReason("Files are still arriving.")
        context.update_cursor(cursor)
        return dg.RunRequest(run_key=cursor, run_config=pipeline_config(str(home.root)))

    return new_extracts
