"""One small company, built and published by DuckDB and by Spark.

It takes long, so everything here shares it.
"""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from pipeline_support import kaw

from orchestration.home import Home
from orchestration.publishing.marts import read_catalog
from orchestration.spark.build import build_on_spark, missing_parts
from orchestration.spark.hand_back import hand_back
from orchestration.spark.release import check_and_publish

# Small, but with three years, so that no mart that needs two of them is empty.
COMPANY = ["--scale", "0.05", "--months", "36"]

# A month, a correction and months that came late: what Spark's second build finds beside the first.
LATE = "file_name like '%/2025-12%' or revision <> ''"

# Few rows and hundreds of statements: planning is all that takes time, and a compiler that hurries.
QUICK = {
    "SPARK_CONF_DIR": str(Path(__file__).with_name("conf")),
    "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "KAW_SPARK_PARTITIONS": "1",
}


@pytest.fixture(scope="session")
def company(tmp_path_factory):
    """The home of the company, which DuckDB has built. Leave it as it is, or work on a copy."""
    if missing := missing_parts():
        pytest.skip(
            f"Spark cannot run here: {', '.join(missing)} missing; make spark-env, make java"
        )
    home = Home.at(tmp_path_factory.mktemp("company") / "home")
    for arguments in (["sample", *COMPANY], ["run"]):
        result = kaw(*arguments, "--home", home.root)
        assert result.exit_code == 0, result.output
    return home


@pytest.fixture(scope="session")
def built_twice(company):
    """The marts of both engines as databases `warehouse` and `spark` of one connection.

    Spark builds twice: first without the late files, then what they change. What it has then is
    handed back, checked and published.
    """
    home = company
    connection = duckdb.connect()
    connection.execute(f"attach '{home.warehouse}' as warehouse (read_only)")
    catalog = read_catalog(connection, "warehouse", "marts", home.dbt_target / "manifest.json")
    connection.execute("detach warehouse")
    os.environ.update(QUICK)
    whole = shutil.copy2(home.warehouse, home.warehouse.with_name("whole.duckdb"))
    withhold_late_files(home.warehouse)
    _build(home, "--select", "+config.materialized:incremental")
    builds = [_months_built()]
    os.replace(whole, home.warehouse)
    _build(home)
    builds.append(_months_built())
    hand_back(home)
    record = check_and_publish(home)
    connection.execute(f"attach '{home.warehouse}' as warehouse (read_only)")
    connection.execute(f"attach '{home.spark.warehouse}' as spark (read_only)")
    yield SimpleNamespace(
        connection=connection, home=home, marts=catalog.marts, builds=builds, record=record
    )
    connection.close()


def withhold_late_files(warehouse):
    """Undo the loading of the late files, whose rows every model would read."""
    with duckdb.connect(str(warehouse)) as connection:
        late = f"select file_id from raw_meta.extract_files where {LATE}"
        for schema, table in connection.execute(
            "select table_schema, table_name from information_schema.columns "
            "where column_name = 'load_file_id' and table_schema like 'raw\\_%' escape '\\'"
        ).fetchall():
            connection.execute(f'delete from {schema}."{table}" where load_file_id in ({late})')
        connection.execute(
            "update raw_meta.extract_files set status = 'loaded', superseded_by_file_id = null "
            f"where superseded_by_file_id in ({late})"
        )
        connection.execute(f"delete from raw_meta.extract_files where {LATE}")


def _build(home, *arguments):
    # The data tests ask of Spark what the window asks of DuckDB afterwards, and take six minutes.
    build_on_spark(home, ["--exclude-resource-type", "test", *arguments])


def _months_built():
    """Return the months of fct_invoice_lines that the last build made anew."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - not installed everywhere

    rows = SparkSession.builder.getOrCreate().sql(
        "select reporting_month from build_state.invoice_line_builds "
        "where build_number = (select max(build_number) from build_state.invoice_line_builds)"
    )
    return {str(row.reporting_month) for row in rows.collect()}
