"""The dbt manifest of a home: parsed when the project changed, else taken from last time."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from orchestration.dbt.arguments import build_arguments, build_environment, build_variables
from orchestration.errors import PipelineError
from orchestration.home import PROJECT_DIR, Home
from orchestration.runs.fingerprint import dbt_version_hash
from orchestration.settings import Settings

_STAMP = "project.sha256"


def prepare_manifest(home: Home, settings: Settings) -> dict[str, Any]:
    """Return the dbt manifest of a home, parsed anew where the dbt project changed since.

    Args:
        home: Prepared home.
        settings: Its settings.

    Raises:
        PipelineError: dbt cannot parse the project; the text holds what dbt says.
    """
    manifest = home.dbt_target / "manifest.json"
    stamp = home.dbt_target / _STAMP
    project = dbt_version_hash()
    if manifest.exists() and stamp.exists() and stamp.read_text("utf-8") == project:
        return _read(manifest)
    stamp.unlink(missing_ok=True)
    # The vars a run has by default, so that the build after this finds its parse cache fit.
    variables = build_variables(None, settings.reporting_currency)
    command = [
        sys.executable,
        "-m",
        "orchestration.dbt.process",
        *build_arguments("parse", variables=variables),
        "--quiet",
    ]
    result = subprocess.run(
        command,
        cwd=PROJECT_DIR,
        env={**os.environ, **build_environment(home, settings)},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise PipelineError(f"dbt cannot parse the project:\n{result.stdout}{result.stderr}")
    stamp.write_text(project, "utf-8")
    return _read(manifest)


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content
