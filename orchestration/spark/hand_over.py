"""Writes the raw tables of a warehouse as Parquet, for an engine that cannot read DuckDB files.

The macro `take_over_raw_tables` makes tables of them, with the contract's types.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb


def write_raw_tables(warehouse: Path, folder: Path) -> dict[str, int]:
    """Write every raw table into a folder, one Parquet file each.

    Args:
        warehouse: The DuckDB file, which nobody must be writing to.
        folder: Where to write `<schema>/<table>.parquet`; what it held before is replaced.

    Returns:
        Rows written by table, such as `{"raw_ledger.invoices": 1200}`.
    """
    shutil.rmtree(folder, ignore_errors=True)
    rows = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = current_database() and schema_name like 'raw\\_%' escape '\\' "
            "order by schema_name, table_name"
        ).fetchall()
        for schema, table in tables:
            path = folder / schema / f"{table}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            quoted = str(path).replace("'", "''")
            written = connection.execute(
                f"copy {schema}.\"{table}\" to '{quoted}' (format parquet)"
            ).fetchone()
            rows[f"{schema}.{table}"] = written[0] if written else 0
    return rows
