"""The source contract, read from the dbt source YAML: tables, columns, types and rules.

Everything that needs to know what an extract must look like asks here. This module reads YAML; it
knows nothing of files, mappings or the warehouse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from orchestration.loading.errors import ContractError
from orchestration.yaml_file import read_yaml

LOAD_COLUMNS = ("load_file_id", "load_line_number")
"""Columns the loader adds to every raw table; they come from no extract."""

SUBJECTS = ("customer", "account", "contact", "employee")
"""What an identifier of the contract can stand for."""

TableId = tuple[str, str]
"""Source name and table name, such as ``("ledger", "invoices")``."""

_SOURCES = ("ledger", "crm")
_STAGING = Path(__file__).resolve().parents[2] / "models" / "staging"
_DECIMAL = re.compile(r"decimal\((\d+),\s*(\d+)\)")
_SQL_TYPES = {
    "string": "varchar",
    "bigint": "bigint",
    "double": "double",
    "date": "date",
    "timestamp": "timestamp",
    "boolean": "boolean",
}


@dataclass(frozen=True)
class Column:
    """One column of a contract table.

    Attributes:
        name: Column name in the raw table.
        data_type: Contract type: string, bigint, double, date, timestamp, boolean or decimal(p,s).
        description: What the column holds.
        required: True where no record may leave it empty.
        allowed: Values it may hold; empty means any.
        minimum: Smallest value, inclusive, or None.
        maximum: Largest value, inclusive, or None.
        is_pii: True for personal data.
        identifies: What the row is about, where this column says so: one of SUBJECTS, or None.
        refers_to: What this column points to in another table: one of SUBJECTS, or None.
        is_name: True for the name of what the row is about.
    """

    name: str
    data_type: str
    description: str = ""
    required: bool = False
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    is_pii: bool = False
    identifies: str | None = None
    refers_to: str | None = None
    is_name: bool = False

    @property
    def sql_type(self) -> str:
        """The column's type in DuckDB."""
        return sql_type(self.data_type)


@dataclass(frozen=True)
class Table:
    """One table of the contract.

    Attributes:
        source: ledger or crm.
        name: Table name.
        description: What one row is.
        required: True where a load without any file for it is refused.
        delivery: master (a full list each time) or transactions (rows of a period).
        key: Columns that identify a row.
        period_column: Date or timestamp column that places a row in a month, or None.
        columns: Columns in contract order, without the load columns.
        schema: Schema of the raw table.
    """

    source: str
    name: str
    description: str
    required: bool
    delivery: Literal["master", "transactions"]
    key: tuple[str, ...]
    period_column: str | None
    columns: tuple[Column, ...]
    schema: str = ""

    @property
    def id(self) -> TableId:
        """Source and table name, the key of `Contract.tables`."""
        return (self.source, self.name)

    @property
    def label(self) -> str:
        """Source and table name as people and mappings write it: ``ledger.invoices``."""
        return f"{self.source}.{self.name}"

    @property
    def relation(self) -> str:
        """The raw table in the warehouse: ``raw_ledger.invoices``."""
        return f"{self.schema}.{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the contract columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column called ``name``; raises KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True)
class Contract:
    """All tables of the contract, by ``(source, table)``, in the order of the YAML."""

    tables: dict[TableId, Table] = field(default_factory=dict)

    def table(self, label: str) -> Table:
        """Return the table written ``source.table``; raises KeyError where there is none."""
        source, _, name = label.partition(".")
        return self.tables[(source, name)]

    @property
    def required_tables(self) -> tuple[Table, ...]:
        """Tables without which nothing can be loaded."""
        return tuple(table for table in self.tables.values() if table.required)

    @property
    def labels(self) -> tuple[str, ...]:
        """Every table as ``source.table``."""
        return tuple(table.label for table in self.tables.values())


def sql_type(data_type: str) -> str:
    """Return the DuckDB type of a contract type.

    Args:
        data_type: string, bigint, double, date, timestamp, boolean or decimal(p,s).

    Raises:
        ContractError: If the type is none of these.
    """
    if data_type in _SQL_TYPES:
        return _SQL_TYPES[data_type]
    if decimal_size(data_type):
        return data_type
    raise ContractError(
        f"data_type {data_type!r} is not known; write one of "
        f"{', '.join(_SQL_TYPES)} or decimal(precision,scale)."
    )


def decimal_size(data_type: str) -> tuple[int, int] | None:
    """Return precision and scale of ``decimal(p,s)``, or None for any other type."""
    match = _DECIMAL.fullmatch(data_type)
    return (int(match[1]), int(match[2])) if match else None


def load_contract(staging: Path | None = None) -> Contract:
    """Read the contract from the dbt source YAML.

    Args:
        staging: Folder that holds ``ledger/_ledger__sources.yml`` and ``crm/_crm__sources.yml``;
            the project's own ``models/staging`` if not given.

    Returns:
        The contract.

    Raises:
        ContractError: If a file is missing or a table in it is not well formed.
    """
    staging = staging or _STAGING
    tables: dict[TableId, Table] = {}
    for source in _SOURCES:
        path = staging / source / f"_{source}__sources.yml"
        if not path.is_file():
            raise ContractError(f"The contract file {path} is missing.")
        document = read_yaml(path)
        for block in document["sources"]:
            for entry in block["tables"]:
                table = _table(block, entry, path)
                tables[table.id] = table
    return Contract(tables)


def _table(block: dict[str, Any], entry: dict[str, Any], path: Path) -> Table:
    meta = (entry.get("config") or {}).get("meta") or {}
    where = f"{path.name}: table {entry.get('name')}"
    for name in ("required", "delivery", "key"):
        if name not in meta:
            raise ContractError(f"{where}: config.meta.{name} is missing.")
    columns = tuple(
        _column(item, where) for item in entry["columns"] if item["name"] not in LOAD_COLUMNS
    )
    names = {column.name for column in columns}
    period_column = meta.get("period_column")
    for name in [*meta["key"], *([period_column] if period_column else [])]:
        if name not in names:
            raise ContractError(
                f"{where}: config.meta names column {name}, which it does not have."
            )
    return Table(
        source=block["name"],
        name=entry["name"],
        description=" ".join(entry.get("description", "").split()),
        required=bool(meta["required"]),
        delivery=meta["delivery"],
        key=tuple(meta["key"]),
        period_column=period_column,
        columns=columns,
        schema=block["schema"],
    )


def _column(item: dict[str, Any], where: str) -> Column:
    config = item.get("config") or {}
    meta = config.get("meta") or {}
    try:
        sql_type(item["data_type"])
    except (KeyError, ContractError) as error:
        raise ContractError(f"{where}, column {item.get('name')}: {error}") from error
    for key in ("identifies", "refers_to"):
        if meta.get(key) not in (None, *SUBJECTS):
            raise ContractError(
                f"{where}, column {item['name']}: config.meta.{key} is {meta[key]!r}; write one of "
                f"{', '.join(SUBJECTS)}."
            )
    return Column(
        name=item["name"],
        data_type=item["data_type"],
        description=" ".join(item.get("description", "").split()),
        required=bool(meta.get("required", False)),
        allowed=tuple(str(value) for value in meta.get("allowed", ())),
        minimum=meta.get("minimum"),
        maximum=meta.get("maximum"),
        is_pii="pii" in (config.get("tags") or []),
        identifies=meta.get("identifies"),
        refers_to=meta.get("refers_to"),
        is_name=bool(meta.get("names", False)),
    )
