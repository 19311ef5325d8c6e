"""Makes a DuckDB file of what Spark built, for checks and a publisher that read nothing else.

The way back of hand_over.py: the macro `hand_back_relations` writes the Parquet, DuckDB reads it.
What the checks ask, and what is published, does not belong here.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.home import Home, SparkHome
from orchestration.publishing.content import quote, text
from orchestration.settings import load_settings
from orchestration.spark.build import run_dbt
from orchestration.spark.errors import SparkError
from orchestration.spark.rules import read_manifest

MARTS = "marts"
# What window and publisher read beside the marts. Raw tables come from what was handed over to
# Spark, not from Spark: so a line lost on the way there shows in the ledger's totals.
READ_BESIDE_MARTS = (
    "raw_ledger.invoice_lines",
    "raw_ledger.invoices",
    "raw_meta.extract_files",
    "raw_meta.load_batches",
    "seeds.customer_states",
    "staging.stg_ledger__invoice_lines",
    "staging.stg_ledger__invoices",
    "staging.stg_loader__current_files",
)
# Spark's Parquet says of a timestamp that it is an instant; in the warehouse it is a time in UTC.
_INSTANT, _TIME = "TIMESTAMP WITH TIME ZONE", "TIMESTAMP"

# DuckDB type, or a name of it, by column.
Types = Mapping[str, str]


def hand_back(home: Home) -> dict[str, int]:
    """Let Spark write its marts as Parquet and make the Spark home's warehouse of them.

    To be called in the process that built the models, whose session dbt goes on with.

    Args:
        home: The company's home.

    Returns:
        Rows by relation, such as `{"marts.dim_months": 36}`.

    Raises:
        SparkError: A mart is absent or has other columns than its contract; the warehouse that was
            there before stays.
    """
    spark = home.spark
    contracts = read_contracts(spark.dbt_target / "manifest.json")
    shutil.rmtree(spark.handed_back, ignore_errors=True)
    of_spark = [name for name in (*contracts, *READ_BESIDE_MARTS) if not _is_raw(name)]
    arguments = {"folder": str(spark.handed_back), "relations": of_spark}
    run_dbt(["run-operation", "hand_back_relations", "--args", json.dumps(arguments)])
    rows = write_warehouse(spark, contracts)
    shutil.rmtree(spark.handed_back)
    return rows


def read_contracts(manifest: Path) -> dict[str, Types]:
    """Return the columns of every mart of the project, with the types of their contracts.

    Args:
        manifest: dbt's manifest.json of a build on Spark.

    Raises:
        SparkError: If there is none.
    """
    return {
        f"{MARTS}.{node.get('alias') or node['name']}": {
            name: column["data_type"] for name, column in node["columns"].items()
        }
        for node in read_manifest(manifest)["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == MARTS
    }


def write_warehouse(spark: SparkHome, contracts: Mapping[str, Types]) -> dict[str, int]:
    """Make a Spark home's warehouse of the Parquet in it, as a whole or not at all.

    Args:
        spark: The home, with what was handed over to Spark and what Spark handed back.
        contracts: Columns and types by mart, in table order.

    Returns:
        Rows by relation.

    Raises:
        SparkError: A relation is absent, or a mart has other columns than its contract.
    """
    settings = load_settings(spark)
    spark.temp.mkdir(parents=True, exist_ok=True)
    partial = spark.temp / spark.warehouse.name
    for file in (partial, partial.with_name(f"{partial.name}.wal")):
        file.unlink(missing_ok=True)
    config: dict[str, Any] = {
        "memory_limit": settings.memory_limit,
        "threads": settings.threads,
        "temp_directory": str(spark.temp),
        "preserve_insertion_order": False,
    }
    rows = {}
    with duckdb.connect(str(partial), config=config) as connection:
        connection.execute("set timezone = 'UTC'")
        for relation in sorted({*contracts, *READ_BESIDE_MARTS}):
            source = f"read_parquet({_files(spark, relation)})"
            rows[relation] = _write_table(connection, relation, source, contracts.get(relation))
    os.replace(partial, spark.warehouse)
    return rows


def _write_table(
    connection: duckdb.DuckDBPyConnection, relation: str, source: str, contract: Types | None
) -> int:
    """Make a table, with the types of its contract or else those found; return its rows."""
    schema, name = relation.split(".")
    table = f"{quote(schema)}.{quote(name)}"
    found = {
        column: _TIME if kind == _INSTANT else kind
        for column, kind in _columns(connection, source).items()
    }
    columns = ", ".join(f"{quote(key)} {kind}" for key, kind in (contract or found).items())
    connection.execute(f"create schema if not exists {quote(schema)}")
    connection.execute(f"create table {table} ({columns})")
    promised = _columns(connection, table)
    if list(found.items()) != list(promised.items()):
        differing = [
            f"{key} is {found.get(key, 'absent')}, not {promised.get(key, 'there')}"
            for key in promised | found
            if found.get(key) != promised.get(key)
        ] or ["they stand in another order"]
        raise SparkError(
            f"The columns of {relation} are not those of its contract: {'; '.join(differing)}. "
            f"Build it anew: -- --full-refresh --select {name}."
        )
    # By name, and cast by the table's own types: instants become times in UTC.
    written = connection.execute(f"insert into {table} by name select * from {source}").fetchone()
    return int(written[0]) if written else 0


def _columns(connection: duckdb.DuckDBPyConnection, source: str) -> dict[str, str]:
    described = connection.execute(f"describe select * from {source}").fetchall()
    return {name: kind for name, kind, *_ in described}


def _files(spark: SparkHome, relation: str) -> str:
    """Return the Parquet of a relation as a list in SQL."""
    schema, name = relation.split(".")
    path = (spark.raw if _is_raw(relation) else spark.handed_back) / schema / f"{name}.parquet"
    # One file where DuckDB wrote it, a folder of them where Spark did.
    files = [path] if path.is_file() else sorted(path.glob("*.parquet"))
    if not files:
        raise SparkError(
            f"Spark has handed back no {relation}, so nothing is checked or published. Build all "
            "models on Spark first; where it runs on other machines, they and this one must see "
            f"the same {path.parent}."
        )
    return f"[{', '.join(text(str(file)) for file in files)}]"


def _is_raw(relation: str) -> bool:
    return relation.startswith("raw_")
