"""Whether Spark's incremental models still follow the rules they were built by.

As `kaw run` asks it of DuckDB's (orchestration/dbt/rules.py), with two differences: a build on
Spark may be of a part, and its tables stay where a build fails.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from orchestration.dbt.rules import (
    built_whole,
    changed_rules,
    incremental_rules,
    known_rules,
    remember_rules,
)
from orchestration.home import SparkHome
from orchestration.spark.errors import SparkError

# Of a model that was built, and nobody knows by which rules.
_UNKNOWN = ""


def read_manifest(path: Path) -> dict[str, Any]:
    """Return dbt's manifest of the last command on Spark.

    Args:
        path: Its manifest.json.

    Raises:
        SparkError: If there is none.
    """
    try:
        manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SparkError(
            f"dbt's manifest {path} cannot be read ({error}). Build the models on Spark first."
        ) from error
    return manifest


def distrust_what_is_there(spark: SparkHome, manifest: dict[str, Any]) -> None:
    """Where a build came before and nobody knows its rules, let no model be taken for a new one.

    Without it a build of a part would be remembered and the rest forgotten.

    Args:
        spark: The Spark home, in which dbt has run before.
        manifest: dbt's manifest of today's code.
    """
    if known_rules(spark) is None:
        remember_rules(spark, dict.fromkeys(incremental_rules(manifest), _UNKNOWN))


def must_begin_anew(spark: SparkHome, manifest: dict[str, Any]) -> list[str]:
    """Return the incremental models whose tables follow other rules than today's, or unknown ones.

    Args:
        spark: The Spark home.
        manifest: dbt's manifest of today's code.

    Returns:
        Names, sorted; all of them where no build was remembered. Where there are no tables yet
        that costs nothing.
    """
    rules = incremental_rules(manifest)
    return sorted(rules) if known_rules(spark) is None else changed_rules(spark, rules)


def remember_build(spark: SparkHome, manifest: dict[str, Any]) -> None:
    """Write down which rules the tables follow now. Call it after a build that succeeded.

    Of a build of a part, only models are remembered that were built with all they stand on.

    Args:
        spark: The Spark home, with the results of the build.
        manifest: dbt's manifest of the build.
    """
    built = _built(spark.dbt_target / "run_results.json")
    rules, whole = incremental_rules(manifest), built_whole(manifest, built)
    names = {manifest["nodes"][key]["name"] for key in built if key in manifest["nodes"]}
    known = known_rules(spark) or {}
    remembered = {
        name: rule if name in whole else known.get(name, _UNKNOWN)
        for name, rule in rules.items()
        if name in names or name in known
    }
    remember_rules(spark, remembered)


def _built(run_results: Path) -> set[str]:
    results = json.loads(run_results.read_text("utf-8"))["results"]
    return {result["unique_id"] for result in results if result["status"] == "success"}
