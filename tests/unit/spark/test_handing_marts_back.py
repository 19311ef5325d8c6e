import json
import re
from decimal import Decimal

import duckdb
import pytest

from expectations.registry import window_checks
from expectations.settings import Settings
from expectations.suites import build_expectation
from orchestration.home import Home
from orchestration.spark.errors import SparkError
from orchestration.spark.hand_back import READ_BESIDE_MARTS, read_contracts, write_warehouse

CONTRACT = {"total": "decimal(18,4)", "customer": "string", "loaded_at": "timestamp", "n": "bigint"}
# As Spark writes it: a timestamp is an instant there.
ROWS = """
    select
        1.25::decimal(18, 4) as total,
        'Dvořák' as customer,
        timestamptz '2025-12-31 23:59:59.123456+00' as loaded_at,
        1::bigint as n
    union all
    select null, null, null, null
"""


@pytest.fixture
def spark(tmp_path):
    """A Spark home with everything but its one mart; it knows no contract of the others."""
    home = Home.at(tmp_path / "o'clock").spark
    for relation in READ_BESIDE_MARTS:
        write(home.raw if relation.startswith("raw_") else home.handed_back, relation, "select 7")
    return home


def write(folder, relation, query):
    schema, name = relation.split(".")
    file = folder / schema / f"{name}.parquet" / "part-00000-of-spark.snappy.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    duckdb.execute(f"copy ({query}) to '{str(file).replace(chr(39), chr(39) * 2)}'")


def read(home, statement):
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return connection.execute(statement).fetchall()


def test_marts_come_back_with_the_types_and_the_order_of_their_contract(spark, monkeypatch):
    # Whatever the clock of the machine: an instant becomes the time it was in UTC.
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    write(spark.handed_back, "marts.fct_x", ROWS)
    rows = write_warehouse(spark, {"marts.fct_x": CONTRACT})
    assert rows["marts.fct_x"] == 2
    described = [(name, kind) for name, kind, *_ in read(spark, "describe marts.fct_x")]
    assert described == [
        ("total", "DECIMAL(18,4)"),
        ("customer", "VARCHAR"),
        ("loaded_at", "TIMESTAMP"),
        ("n", "BIGINT"),
    ]
    found = read(spark, "select * replace (loaded_at::varchar as loaded_at) from marts.fct_x")
    assert sorted(found, key=str) == sorted(
        [
            (Decimal("1.2500"), "Dvořák", "2025-12-31 23:59:59.123456", 1),
            (None, None, None, None),
        ],
        key=str,
    )


def test_what_is_read_beside_the_marts_lies_where_the_window_looks_for_it(spark):
    write(spark.handed_back, "marts.fct_x", ROWS)
    write_warehouse(spark, {"marts.fct_x": CONTRACT})
    tables = read(spark, "select schema_name || '.' || table_name from duckdb_tables()")
    assert {name for (name,) in tables} == {"marts.fct_x", *READ_BESIDE_MARTS}


def test_several_files_of_one_mart_are_one_table(spark):
    write(spark.handed_back, "marts.fct_x", ROWS)
    first = spark.handed_back / "marts" / "fct_x.parquet" / "part-00000-of-spark.snappy.parquet"
    first.with_name("part-00001-of-spark.snappy.parquet").write_bytes(first.read_bytes())
    (first.parent / "_SUCCESS").touch()
    assert write_warehouse(spark, {"marts.fct_x": CONTRACT})["marts.fct_x"] == 4


def test_an_empty_mart_is_a_table_as_well(spark):
    write(spark.handed_back, "marts.fct_x", f"select * from ({ROWS}) where false")
    assert write_warehouse(spark, {"marts.fct_x": CONTRACT})["marts.fct_x"] == 0
    assert read(spark, "select count(*) from marts.fct_x") == [(0,)]


def test_an_absent_mart_is_an_error_and_the_warehouse_before_stays(spark):
    write(spark.handed_back, "marts.fct_x", ROWS)
    write_warehouse(spark, {"marts.fct_x": CONTRACT})
    before = spark.warehouse.read_bytes()
    with pytest.raises(SparkError, match=r"handed back no marts\.fct_y"):
        write_warehouse(spark, {"marts.fct_x": CONTRACT, "marts.fct_y": CONTRACT})
    assert spark.warehouse.read_bytes() == before


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (f"select * replace (total::double as total) from ({ROWS})", r"total is DOUBLE, not DEC"),
        (f"select * replace (n::integer as n) from ({ROWS})", "n is INTEGER, not BIGINT"),
        (f"select * exclude (n) from ({ROWS})", "n is absent"),
        (f"select *, 1 as m from ({ROWS})", "m is INTEGER, not there"),
        (f"select n, * exclude (n) from ({ROWS})", "another order"),
    ],
)
def test_columns_other_than_the_contract_s_are_an_error(spark, query, said):
    write(spark.handed_back, "marts.fct_x", query)
    with pytest.raises(SparkError, match=said) as raised:
        write_warehouse(spark, {"marts.fct_x": CONTRACT})
    assert "--full-refresh --select fct_x" in str(raised.value)
    assert not spark.warehouse.exists()


def test_contracts_are_those_of_the_marts_alone(tmp_path):
    def node(name, schema, kind="model"):
        columns = {"n": {"name": "n", "data_type": "bigint"}}
        return {"resource_type": kind, "schema": schema, "name": name, "columns": columns}

    nodes = [node("fct_x", "marts"), node("int_x", "intermediate"), node("t", "marts", "test")]
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"nodes": {str(n): x for n, x in enumerate(nodes)}}))
    assert read_contracts(manifest) == {"marts.fct_x": {"n": "bigint"}}


def test_without_a_build_on_spark_the_error_says_so(tmp_path):
    with pytest.raises(SparkError, match="Build the models on Spark first"):
        read_contracts(tmp_path / "manifest.json")


def test_the_window_reads_nothing_that_is_not_handed_back():
    settings = Settings.from_config({})
    read = set()
    for check in window_checks():
        query = getattr(build_expectation(check, settings), "unexpected_rows_query", "")
        read |= set(
            re.findall(r"(?:from|join)\s+((?:staging|intermediate|seeds|raw_\w+)\.\w+)", query)
        )
    assert len(read) > 5
    assert read <= set(READ_BESIDE_MARTS)


def test_settings_and_erasures_of_the_spark_home_are_the_company_s(tmp_path):
    home = Home.at(tmp_path)
    assert (home.spark.settings_file, home.spark.erasures) == (home.settings_file, home.erasures)
    for folder in ("warehouse", "published", "data_docs", "runs", "dbt_target"):
        assert getattr(home.spark, folder).is_relative_to(tmp_path / "spark")
