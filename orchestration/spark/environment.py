"""What the target `spark` of profiles.yml is told through the environment. Nothing here runs."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from orchestration.dbt.arguments import build_environment
from orchestration.home import Home
from orchestration.settings import load_settings

ICEBERG_JAR = "iceberg-spark-runtime-3.5_2.12-1.10.2.jar"
_JAR_PACKAGE = "snowpark_connect_deps_iceberg"


def spark_environment(home: Home) -> dict[str, str]:
    """Return the variables a build of a home on Spark needs.

    Those that begin with KAW_SPARK and are set already are left alone, so that a cluster can be
    named without touching the project.

    Args:
        home: The company's home.
    """
    given = {name: value for name, value in os.environ.items() if name.startswith("KAW_SPARK_")}
    return {
        **build_environment(home, load_settings(home)),
        "DBT_TARGET_PATH": str(home.spark.dbt_target),
        "DBT_LOG_PATH": str(home.spark.dbt_logs),
        "KAW_SPARK_HOME": str(home.spark.root),
        "KAW_SPARK_JARS": iceberg_jar(),
        **given,
    }


def iceberg_jar() -> str:
    """Return the path of Iceberg's runtime as `make spark-env` installs it; empty if it did not."""
    package = find_spec(_JAR_PACKAGE)
    if package is None or package.origin is None:
        return ""
    return str(Path(package.origin).parent / "jars" / ICEBERG_JAR)
