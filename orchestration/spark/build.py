"""A build of the target `spark`: raw tables handed over, then dbt, in one process and session."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from importlib.util import find_spec

from orchestration.dbt.arguments import build_arguments, build_variables
from orchestration.home import Home
from orchestration.settings import load_settings
from orchestration.spark.ansi import obey_the_profile
from orchestration.spark.environment import spark_environment
from orchestration.spark.errors import SparkError
from orchestration.spark.hand_over import write_raw_tables
from orchestration.spark.rules import (
    distrust_what_is_there,
    must_begin_anew,
    read_manifest,
    remember_build,
)

_TARGET = ("--target", "spark")


def missing_parts() -> list[str]:
    """Return what this machine lacks to run Spark, in words; nothing if it is all there."""
    missing = [
        f"the Python package {package}"
        for package, module in (("pyspark", "pyspark"), ("dbt-spark", "dbt.adapters.spark"))
        if not _is_installed(module)
    ]
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        missing.append("Java 17")
    return missing


def build_on_spark(home: Home, arguments: Sequence[str] = ()) -> None:
    """Build the models of a home on Spark, from nothing where their code has changed since.

    The home's warehouse must have been loaded: its raw tables are what Spark starts from. Changes
    this process's environment, which dbt reads.

    Args:
        home: The company's home.
        arguments: Further arguments of `dbt build`, such as a selection.

    Raises:
        SparkError: If Spark is not installed, the home holds no warehouse, or dbt failed.
    """
    if missing := missing_parts():
        raise SparkError(
            f"Spark cannot run here: {', '.join(missing)} missing. "
            "`make spark-env` installs the packages, `make java` Java."
        )
    if not home.warehouse.is_file():
        raise SparkError(f"{home.root} has no warehouse yet: `kaw run --home {home.root}` first.")
    built_before = home.spark.dbt_target.exists()
    rows = write_raw_tables(home.warehouse, home.spark.raw)
    print(f"Handed {sum(rows.values()):,} rows of {len(rows)} raw tables over to Spark.")
    os.environ.update(spark_environment(home))
    variables = build_variables(None, load_settings(home).reporting_currency)
    folder = json.dumps({"folder": str(home.spark.raw)})
    run_dbt(["run-operation", "take_over_raw_tables", "--args", folder])
    manifest = read_manifest(home.spark.dbt_target / "manifest.json")
    if built_before:
        distrust_what_is_there(home.spark, manifest)
    changed = must_begin_anew(home.spark, manifest)
    if changed and built_before:
        print(f"Other rules than today's, or unknown ones: {', '.join(changed)}. From nothing.")
    run_dbt(
        [*build_arguments("build", variables=variables, full_refresh=bool(changed)), *arguments]
    )
    remember_build(home.spark, manifest)


def run_dbt(arguments: Sequence[str]) -> None:
    """Run dbt on Spark, in this process and its session.

    Args:
        arguments: Command line of dbt without the program's name and the target.

    Raises:
        SparkError: If dbt failed.
    """
    from dbt.adapters.spark import SparkCredentials  # noqa: PLC0415 - not installed everywhere
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - reads the environment when imported

    obey_the_profile(SparkCredentials)
    result = dbtRunner().invoke([*arguments, *_TARGET])
    if not result.success:
        raise SparkError(
            f"dbt {arguments[0]} failed on Spark"
            + (f": {result.exception}" if result.exception else "; its messages stand above.")
        )


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
