"""One small company, built by DuckDB and by Spark. It takes long, so everything here shares it."""

import os
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from pipeline_support import kaw

from orchestration.home import Home
from orchestration.publishing.marts import read_catalog
from orchestration.spark.build import SparkError, build_on_spark, missing_parts

# Small, but with three years, so that no mart that needs two of them is empty.
COMPANY = ["--scale", "0.05", "--months", "36"]

# Few rows and hundreds of statements: planning is all that takes time, and a compiler that hurries.
QUICK = {
    "SPARK_CONF_DIR": str(Path(__file__).with_name("conf")),
    "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "KAW_SPARK_PARTITIONS": "1",
}


@pytest.fixture(scope="session")
def built_twice(tmp_path_factory):
    """The marts of both builds: those of Spark as relations of the connection DuckDB's are in."""
    if missing := missing_parts():
        pytest.skip(
            f"Spark cannot run here: {', '.join(missing)} missing; make spark-env, make java"
        )
    home = Home.at(tmp_path_factory.mktemp("company") / "home")
    for arguments in (["sample", *COMPANY], ["run"]):
        result = kaw(*arguments, "--home", home.root)
        assert result.exit_code == 0, result.output
    connection = duckdb.connect()
    connection.execute(f"attach '{home.warehouse}' as warehouse (read_only)")
    catalog = read_catalog(connection, "warehouse", "marts", home.dbt_target / "manifest.json")
    connection.execute("detach warehouse")
    failure = None
    os.environ.update(QUICK)
    try:
        build_on_spark(home, ["--exclude-resource-type", "test"])
    except SparkError as error:
        # Which marts are not there is what the test asks about.
        failure = str(error)
    found = _read_back(home, catalog.marts)
    connection.execute(f"attach '{home.warehouse}' as warehouse (read_only)")
    yield SimpleNamespace(connection=connection, marts=catalog.marts, found=found, failure=failure)
    connection.close()


def _read_back(home, marts):
    """Let Spark write its marts as Parquet; return the files' relations by mart."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - not installed everywhere

    session = SparkSession.builder.getOrCreate()
    built = {row.tableName for row in session.sql("show tables in marts").collect()}
    relations = {}
    for name in sorted(built & set(marts)):
        folder = home.spark / "marts" / name
        session.table(f"marts.{name}").coalesce(1).write.mode("overwrite").parquet(str(folder))
        relations[name] = f"read_parquet('{folder}/*.parquet')"
    return relations
