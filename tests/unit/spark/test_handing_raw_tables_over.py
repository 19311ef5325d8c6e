import duckdb
import pytest

from orchestration.dbt.arguments import build_environment
from orchestration.home import Home
from orchestration.loading.contract import load_contract
from orchestration.loading.schema import create_raw_tables
from orchestration.settings import Settings
from orchestration.spark.build import build_on_spark, missing_parts
from orchestration.spark.environment import spark_environment
from orchestration.spark.errors import SparkError
from orchestration.spark.hand_over import write_raw_tables


@pytest.fixture
def loaded_home(tmp_path):
    home = Home.at(tmp_path / "o'clock").prepare()
    with duckdb.connect(str(home.warehouse)) as connection:
        create_raw_tables(connection, load_contract())
        connection.execute(
            "insert into raw_ledger.invoice_lines (document_no, line_no, net_amount) "
            "values ('D1', 1, 10.25), ('D1', 2, null)"
        )
        connection.execute("create table main.not_raw (n integer)")
    return home


def test_every_raw_table_is_handed_over_with_its_types_empty_ones_too(loaded_home):
    folder = loaded_home.spark.raw
    rows = write_raw_tables(loaded_home.warehouse, folder)

    assert {table.relation for table in load_contract().tables.values()} < set(rows)
    assert rows["raw_ledger.invoice_lines"] == 2
    assert sum(rows.values()) == 2
    with duckdb.connect(str(loaded_home.warehouse), read_only=True) as connection:
        for relation in rows:
            file = folder.joinpath(*relation.split(".")).with_suffix(".parquet")
            handed_over = connection.read_parquet(str(file))
            kept = connection.table(relation)
            assert (handed_over.columns, handed_over.types) == (kept.columns, kept.types)
            assert handed_over.fetchall() == kept.fetchall()


def test_what_an_earlier_load_left_is_not_handed_over_again(loaded_home):
    folder = loaded_home.spark.raw
    stale = folder / "raw_ledger" / "renamed_since.parquet"
    stale.parent.mkdir(parents=True)
    stale.touch()
    write_raw_tables(loaded_home.warehouse, folder)
    assert not stale.exists()


def test_a_cluster_named_in_the_environment_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("KAW_SPARK_MASTER", "spark://127.0.0.1:7077")
    monkeypatch.setenv("KAW_SPARK_JARS", "/opt/iceberg.jar")
    home = Home.at(tmp_path)
    environment = spark_environment(home)
    assert environment["KAW_SPARK_MASTER"] == "spark://127.0.0.1:7077"
    assert environment["KAW_SPARK_JARS"] == "/opt/iceberg.jar"
    assert environment["KAW_SPARK_HOME"] == str(home.spark.root)


def test_a_build_on_spark_parses_into_folders_of_its_own(tmp_path):
    home = Home.at(tmp_path)
    duckdb_environment = build_environment(home, Settings())
    for name in ("DBT_TARGET_PATH", "DBT_LOG_PATH"):
        assert spark_environment(home)[name] != duckdb_environment[name]


def test_what_is_missing_is_said_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setenv("JAVA_HOME", "")
    monkeypatch.setenv("PATH", "")
    assert "Java 17" in missing_parts()
    with pytest.raises(SparkError, match="make java"):
        build_on_spark(Home.at(tmp_path / "home"))
    assert not (tmp_path / "home").exists()
