"""Arguments and environment of dbt, as pure functions. Nothing here runs anything."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.home import PROJECT_DIR, Home
from orchestration.settings import Settings

# Is the key unique, are required columns filled: the shop window asks it of every published mart,
# from the same YAML and in cheaper SQL, and stops the release. A build would ask it twice.
LEFT_TO_THE_WINDOW = " ".join(
    f"fqn:key_account_warehouse.marts.*.{name}_*,resource_type:test"
    for name in ("not_null", "never_null", "unique")
)


def month_to_date(as_of: str) -> str:
    """Return the first day of a month given as YYYY-MM, in ISO form."""
    return f"{as_of}-01"


def build_variables(
    as_of: str | None, reporting_currency: str | None, known_on: date | None = None
) -> dict[str, str]:
    """Return the dbt vars of a run: only what was asked for.

    Every change of the vars costs a full parse, so a value the project has by default is not
    passed again.

    Args:
        as_of: Month reported, YYYY-MM; None leaves it to the data.
        reporting_currency: ISO currency code; None leaves it to the dbt project.
        known_on: Day whose knowledge counts; None takes all that was delivered.
    """
    variables = {}
    if as_of:
        variables["as_of_date"] = month_to_date(as_of)
    if known_on:
        variables["known_on"] = known_on.isoformat()
    if reporting_currency:
        variables["reporting_currency"] = reporting_currency
    return variables


def build_arguments(
    command: str, *, variables: Mapping[str, Any], full_refresh: bool = False
) -> list[str]:
    """Return the dbt command line of a run, without the program's own name.

    Args:
        command: `build` or `parse`.
        variables: dbt vars; none are passed where empty.
        full_refresh: Rebuild incremental models and seeds from nothing.
    """
    arguments = [command]
    if variables:
        arguments += ["--vars", json.dumps(dict(variables), sort_keys=True)]
    if command == "build":
        # Unit tests test the code, not the company's data: `make test` runs them.
        arguments += ["--exclude-resource-type", "unit_test"]
        # Saved queries are asked of a release (`kaw metrics`); a build has nothing to do for them.
        arguments += ["--exclude-resource-type", "saved_query"]
    if full_refresh:
        arguments.append("--full-refresh")
    return arguments


def build_environment(home: Home, settings: Settings) -> dict[str, str]:
    """Return the variables that profiles.yml reads, and those that keep dbt quiet.

    The same for parsing and building: dbt parses anew where an environment variable changed.
    """
    return {
        "KAW_WAREHOUSE": str(home.warehouse),
        "KAW_TEMP_DIRECTORY": str(home.temp),
        "KAW_MEMORY_LIMIT": settings.memory_limit,
        "KAW_THREADS": str(settings.threads),
        "DBT_PROFILES_DIR": str(PROJECT_DIR),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_USE_COLORS": "false",
        "DO_NOT_TRACK": "1",
        "DBT_TARGET_PATH": str(home.dbt_target),
        "DBT_LOG_PATH": str(home.dbt_logs),
    }


def folder_group(node: Mapping[str, Any], project_dir: Path = PROJECT_DIR) -> str:
    """Return the asset group of a dbt node: its folder below models/, or `seeds`.

    Args:
        node: Node of the dbt manifest, with `resource_type` and `original_file_path`.
        project_dir: Unused for relative paths; strips absolute ones.
    """
    path = Path(node["original_file_path"])
    if path.is_absolute():
        path = path.relative_to(project_dir)
    if node["resource_type"] == "source":
        return f"raw_{node['source_name']}"
    folders = path.parts[1:-1]
    if node["resource_type"] == "seed":
        return "_".join(("seeds", *folders))
    return "_".join(folders) or "models"
