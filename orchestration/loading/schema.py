"""Raw tables and the loader's own books in the warehouse, made from the contract."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.loading.contract import LOAD_COLUMNS, Contract, decimal_size, sql_type
from orchestration.loading.errors import ContractError
from orchestration.yaml_file import read_yaml

_LOADER_YAML = (
    Path(__file__).resolve().parents[2] / "models" / "staging" / "loader" / "_loader__sources.yml"
)


def create_raw_tables(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Create raw_ledger, raw_crm and raw_meta with every table, where they are absent.

    Safe to run again: an existing table keeps its rows, and columns that the contract has gained
    since are added to it, empty. A whole number that the contract now says is a decimal is widened.

    Args:
        connection: Open connection to the warehouse, allowed to write.
        contract: The contract.

    Raises:
        ContractError: If an existing raw column has another type than the contract now says.
    """
    wanted: dict[tuple[str, str], dict[str, str]] = {}
    for table in contract.tables.values():
        columns = {column.name: column.sql_type for column in table.columns}
        wanted[(table.schema, table.name)] = columns | dict.fromkeys(LOAD_COLUMNS, "bigint")
    wanted |= _loader_tables()
    existing: dict[tuple[str, str], dict[str, str]] = {}
    for schema, name, column, data_type in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and schema_name like 'raw\\_%' escape '\\'"
    ).fetchall():
        existing.setdefault((schema, name), {})[column] = data_type.lower()
    for schema in sorted({schema for schema, _ in wanted}):
        connection.execute(f"create schema if not exists {schema}")
    for key, columns in wanted.items():
        relation = f"{key[0]}.{key[1]}"
        if key not in existing:
            body = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            connection.execute(f"create table if not exists {relation} ({body})")
            continue
        for name, kind in columns.items():
            found = existing[key].get(name)
            if found is None:
                connection.execute(f'alter table {relation} add column "{name}" {kind}')
            elif found == "bigint" and decimal_size(kind):
                # Whole numbers stay what they are; one too great for the decimal stops the load.
                connection.execute(f'alter table {relation} alter column "{name}" type {kind}')
            elif found != kind.replace(", ", ","):
                raise ContractError(
                    f"{relation}.{name} is {found} in the warehouse but {kind} in the contract. "
                    "A column cannot change its type in place: load into a new home folder, or "
                    "give the column a new name."
                )


def _loader_tables() -> dict[tuple[str, str], dict[str, str]]:
    document = read_yaml(_LOADER_YAML)
    return {
        (block["schema"], table["name"]): {
            column["name"]: sql_type(column["data_type"]) for column in table["columns"]
        }
        for block in document["sources"]
        for table in block["tables"]
    }
