"""Two builds of a company on Spark in this process: before and after what changes its past."""

import os
import shutil
from pathlib import Path

from late_changes import withhold_late_files

from orchestration.spark.build import build_on_spark

# Few rows and hundreds of statements: planning is all that takes time, and a compiler that hurries.
QUICK = {
    "SPARK_CONF_DIR": str(Path(__file__).with_name("conf")),
    "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "KAW_SPARK_PARTITIONS": "1",
}


def build_twice(home, first, second):
    """Build selections on Spark: one without the late files, then one with what they change.

    Returns the months of fct_invoice_lines that each build made anew.
    """
    os.environ.update(QUICK)
    whole = shutil.copy2(home.warehouse, home.warehouse.with_name("whole.duckdb"))
    withhold_late_files(home.warehouse)
    _build(home, first)
    builds = [_months_built()]
    os.replace(whole, home.warehouse)
    _build(home, second)
    return [*builds, _months_built()]


def setting(name):
    """Return a setting of the session that built."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - not installed everywhere

    return SparkSession.builder.getOrCreate().conf.get(name)


def _build(home, selection):
    # The data tests ask of Spark what the window asks of DuckDB afterwards, and take six minutes.
    selected = ["--select", *selection] if selection else []
    build_on_spark(home, ["--exclude-resource-type", "test", *selected])


def _months_built():
    """Return the months of fct_invoice_lines that the last build made anew."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - not installed everywhere

    rows = SparkSession.builder.getOrCreate().sql(
        "select reporting_month from build_state.invoice_line_builds "
        "where build_number = (select max(build_number) from build_state.invoice_line_builds)"
    )
    return {str(row.reporting_month) for row in rows.collect()}
