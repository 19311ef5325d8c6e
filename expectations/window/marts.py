"""The published marts as their dbt YAML declares them: key, columns, types, tags.

Reads YAML only. What is expected of a mart stands in the other modules of this folder.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.yaml_file import read_yaml

MODELS = Path(__file__).resolve().parents[2] / "models" / "marts"
SCHEMA = "marts"
UNIQUE_COMBINATIONS = ("unique_combination", "unique_combination_of_columns")


@dataclass(frozen=True)
class MartColumn:
    """One column of a mart.

    Attributes:
        name: Column name.
        data_type: Type in dbt's notation, lower case; empty where the YAML gives none.
        is_required: True where the YAML tests it for NULL.
        is_unique: True where the YAML tests it for doubles.
        is_pii: True for personal data.
    """

    name: str
    data_type: str
    is_required: bool
    is_unique: bool
    is_pii: bool


@dataclass(frozen=True)
class Mart:
    """One mart.

    Attributes:
        name: Table name.
        key: Columns that identify a row, as the YAML's uniqueness tests say; empty where it has
            none.
        columns: Columns in order.
        is_published: False where the YAML's `config.meta.published` says so.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[MartColumn, ...]
    is_published: bool

    def has(self, *names: str) -> bool:
        """Tell whether every one of the named columns exists."""
        return set(names) <= {column.name for column in self.columns}


def read_marts(models: Path | None = None) -> dict[str, Mart]:
    """Read every mart below a folder.

    Args:
        models: Folder of dbt YAML; None takes the project's `models/marts`.

    Returns:
        Marts by name, sorted by name.
    """
    found: dict[str, Mart] = {}
    for path in sorted((models or MODELS).rglob("*.yml")):
        document = read_yaml(path) or {}
        for model in document.get("models") or []:
            found[model["name"]] = _mart(model)
    return dict(sorted(found.items()))


def _mart(model: dict[str, Any]) -> Mart:
    required = _tests(model).get("never_null", {}).get("columns") or ()
    columns = tuple(_column(column, required) for column in model.get("columns") or [])
    config = model.get("config") or {}
    meta = {**(model.get("meta") or {}), **(config.get("meta") or {})}
    return Mart(
        name=model["name"],
        key=_key(model),
        columns=columns,
        is_published=bool(meta.get("published", True)),
    )


def _column(column: dict[str, Any], required: Collection[str]) -> MartColumn:
    tags = [*(column.get("tags") or []), *((column.get("config") or {}).get("tags") or [])]
    return MartColumn(
        name=column["name"],
        data_type=str(column.get("data_type") or "").lower(),
        is_required=(
            column["name"] in required or "not_null" in _tests(column) or _has_not_null(column)
        ),
        is_unique="unique" in _tests(column),
        is_pii="pii" in tags,
    )


def _has_not_null(column: dict[str, Any]) -> bool:
    return any(c.get("type") == "not_null" for c in column.get("constraints") or [])


def _tests(node: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Name a node's data tests, each with its arguments."""
    named: dict[str, dict[str, Any]] = {}
    for test in node.get("data_tests") or []:
        if isinstance(test, str):
            named[test] = {}
        else:
            for name, body in test.items():
                named[str(name)] = {**(body or {}), **((body or {}).get("arguments") or {})}
    return named


def _key(model: dict[str, Any]) -> tuple[str, ...]:
    tests = _tests(model)
    for name in UNIQUE_COMBINATIONS:
        columns = tests.get(name, {}).get("columns") or tests.get(name, {}).get(
            "combination_of_columns"
        )
        if columns:
            return tuple(columns)
    for column in model.get("columns") or []:
        if "unique" in _tests(column):
            return (column["name"],)
    return ()
