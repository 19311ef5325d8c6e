"""Which marts there are, and what is known about each: columns, key, version, descriptions.

The warehouse says which tables exist; the dbt manifest, where the caller has one, says which of
them are to be published, what makes a row unique and what the columns mean.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing.errors import PublishError

MONTH_COLUMN = "reporting_month"
# Types that DuckDB, Parquet and the readers' tools all hold without loss. HUGEINT, for one, would
# become a floating-point number in Parquet.
SAFE_TYPE = re.compile(
    r"^(BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|VARCHAR|DATE"
    r"|TIMESTAMP|TIMESTAMP WITH TIME ZONE)$"
)


@dataclass(frozen=True)
class Column:
    """A column of a mart.

    Attributes:
        name: Column name.
        type: DuckDB type, such as `DECIMAL(18,4)`.
        description: What it holds, empty if unknown.
        is_pii: Whether the project tags it as personal data.
    """

    name: str
    type: str
    description: str = ""
    is_pii: bool = False


@dataclass(frozen=True)
class Mart:
    """A table to publish.

    Attributes:
        name: Table name, the same in the warehouse and in the release.
        columns: Columns in table order.
        key: Columns that make a row unique; empty if unknown.
        version: Version of the column contract; raised when a breaking change is intended.
        description: What the table holds, empty if unknown.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    version: int = 1
    description: str = ""

    @property
    def column_names(self) -> list[str]:
        """Names of the columns in table order."""
        return [column.name for column in self.columns]

    def has_column(self, name: str) -> bool:
        """Whether the mart has a column of that name."""
        return name in self.column_names

    @property
    def is_monthly(self) -> bool:
        """Whether the mart is kept by reporting month, so that a publish rewrites changed months.

        True for facts with a reporting month: they grow with time. A report is small and its
        figures often move in every month, so it is written whole.
        """
        month = next((column for column in self.columns if column.name == MONTH_COLUMN), None)
        return self.name.startswith("fct_") and month is not None and month.type == "DATE"

    @property
    def order_columns(self) -> list[str]:
        """Columns that fix the order of rows: the key, then all others.

        The others cost little and leave nothing to chance where no key is known or a key fails.
        """
        return [*self.key, *(name for name in self.column_names if name not in self.key)]


@dataclass(frozen=True)
class Catalog:
    """What is to be published from a warehouse.

    Attributes:
        marts: Marts by name, sorted.
        unpublished: Tables left out, with the reason.
    """

    marts: dict[str, Mart]
    unpublished: dict[str, str]


def read_catalog(
    connection: duckdb.DuckDBPyConnection,
    database: str,
    marts_schema: str,
    dbt_manifest: Path | None,
) -> Catalog:
    """List the marts to publish.

    Args:
        connection: Connection with the warehouse attached.
        database: Name under which it is attached.
        marts_schema: Schema of the marts.
        dbt_manifest: dbt's manifest.json, or None to publish every table found.

    Returns:
        The marts, and what is left out and why.

    Raises:
        PublishError: There is no mart, a mart of the project was not built, a column has a type
            that readers cannot hold, or a column tagged `pii` would be published.
    """
    tables = _read_tables(connection, database, marts_schema)
    models = _read_models(dbt_manifest, marts_schema) if dbt_manifest else None
    if not tables:
        raise PublishError(
            f"The warehouse has no table in schema {marts_schema}, so there is nothing to "
            "publish. Run the dbt models first."
        )
    marts: dict[str, Mart] = {}
    unpublished: dict[str, str] = {}
    for name, columns in sorted(tables.items()):
        model = {} if models is None else models.get(name)
        if model is None:
            unpublished[name] = "the project has no such model"
        elif _meta(model).get("published") is False:
            unpublished[name] = "the model says published: false"
        else:
            marts[name] = _describe(name, columns, model)
    for name, model in (models or {}).items():
        if name not in tables and _meta(model).get("published") is not False:
            raise PublishError(
                f"Mart {name} is part of the project but not in the warehouse. Build it "
                f"(dbt build --select {name}), or set meta published: false on the model."
            )
    for mart in marts.values():
        _check_columns(mart)
    return Catalog(marts, unpublished)


def _read_tables(
    connection: duckdb.DuckDBPyConnection, database: str, schema: str
) -> dict[str, list[tuple[str, str]]]:
    rows = connection.execute(
        """
        select table_name, column_name, data_type
        from duckdb_columns()
        where database_name = ? and schema_name = ?
        order by table_name, column_index
        """,
        [database, schema],
    ).fetchall()
    tables: dict[str, list[tuple[str, str]]] = {}
    for table, column, data_type in rows:
        tables.setdefault(table, []).append((column, data_type))
    return tables


def _read_models(dbt_manifest: Path, marts_schema: str) -> dict[str, dict[str, Any]]:
    """Return the mart models of a dbt manifest by table name, each with its `key` added."""
    try:
        manifest = json.loads(dbt_manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PublishError(
            f"The dbt manifest {dbt_manifest} cannot be read ({error}). Run dbt parse, or publish "
            "without one."
        ) from error
    models = {
        unique_id: dict(node)
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
        and node["schema"] == marts_schema
        and node["config"]["materialized"] != "ephemeral"
    }
    for node in manifest["nodes"].values():
        test = node.get("test_metadata") or {}
        model = models.get(node.get("attached_node") or "")
        if model is None or test.get("name") not in {"unique", "unique_combination"}:
            continue
        arguments = test.get("kwargs", {})
        if node["config"].get("where") or node["config"].get("severity", "error").lower() == "warn":
            continue  # unique among some rows only, or not promised
        key = arguments.get("columns") or [arguments["column_name"]]
        # A model may have several keys; the shortest, then the first by name, is as good as any
        # and does not depend on the order of tests in the manifest.
        known = model.get("key")
        model["key"] = min([known, key] if known else [key], key=lambda k: (len(k), k))
    return {model.get("alias") or model["name"]: model for model in models.values()}


def _meta(model: dict[str, Any]) -> dict[str, Any]:
    return model.get("config", {}).get("meta") or model.get("meta") or {}


def _describe(name: str, columns: list[tuple[str, str]], model: dict[str, Any]) -> Mart:
    documented = {key.lower(): column for key, column in model.get("columns", {}).items()}

    def column_of(column_name: str, data_type: str) -> Column:
        known = documented.get(column_name.lower(), {})
        tags = {*known.get("tags", []), *known.get("config", {}).get("tags", [])}
        description = " ".join(known.get("description", "").split())
        return Column(column_name, data_type, description, "pii" in tags)

    names = {column_name for column_name, _ in columns}
    key = [column for column in model.get("key", []) if column in names]
    version = _meta(model).get("version") or model.get("latest_version") or model.get("version")
    return Mart(
        name=name,
        columns=tuple(column_of(*column) for column in columns),
        key=tuple(key) if len(key) == len(model.get("key", [])) else (),
        version=int(version or 1),
        description=" ".join(model.get("description", "").split()),
    )


def _check_columns(mart: Mart) -> None:
    for column in mart.columns:
        if not SAFE_TYPE.match(column.type):
            raise PublishError(
                f"Column {mart.name}.{column.name} has type {column.type}, which Parquet or "
                "readers' tools cannot hold without loss. Cast it in the model: counts and sums of "
                "whole numbers to bigint, money to decimal(18,4), anything nested to text."
            )
        if column.is_pii:
            raise PublishError(
                f"Column {mart.name}.{column.name} is tagged pii, and published marts carry no "
                "personal data. Drop the column from the model, or set meta published: false on "
                "the model."
            )
