"""Reads a company's mapping and brings it together with the contract. Opens no extract."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from orchestration.loading.contract import Contract, Table
from orchestration.loading.errors import MappingError
from orchestration.loading.file_format import DEFAULT_FORMAT, FileFormat
from orchestration.loading.mapping_models import (
    ColumnRule,
    FlatFile,
    Mapping,
    Negation,
    TableMapping,
)

SHIPPED = Path(__file__).resolve().parents[1] / "mappings"
"""Folder of the mappings that ship with the project."""


class _WordsLoader(yaml.SafeLoader):
    """YAML in which yes, no, on and off are words, not truth values: extracts are full of them."""


_WordsLoader.yaml_implicit_resolvers = {
    first: [entry for entry in resolvers if entry[0] != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_WordsLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf")
)


@dataclass(frozen=True)
class Target:
    """A contract table fed by a feed, with the rule of each of its mapped columns."""

    table: Table
    columns: dict[str, ColumnRule]
    one_row_per_key: bool = False
    negate: tuple[Negation, ...] = ()


@dataclass(frozen=True)
class Feed:
    """Files of one folder and kind, and the tables they feed.

    Attributes:
        name: Label of the table, or the flat file's name.
        folder: Folder below the extracts, '.' for the extracts folder.
        settings: The mapping's own entry.
        format: Complete format, defaults filled in.
        targets: Tables fed; one unless the file is flat.
        is_flat: True for a flat file.
        mapping_hash: Fingerprint of everything that decides how a file is read.
        business_time_zone: Time zone timestamps are converted to.
        complete_periods: True where a file vouches for its whole period.
    """

    name: str
    folder: str
    settings: TableMapping | FlatFile
    format: FileFormat
    targets: tuple[Target, ...]
    is_flat: bool
    mapping_hash: str
    business_time_zone: str
    complete_periods: bool

    @property
    def is_required(self) -> bool:
        """True where one of the tables fed is required."""
        return any(target.table.required for target in self.targets)

    @property
    def generates_line_numbers(self) -> bool:
        """True where a column of a table fed is a generated line number."""
        return any(rule.generated for target in self.targets for rule in target.columns.values())


def load_mapping(name_or_path: str | Path) -> Mapping:
    """Read and validate a mapping.

    Args:
        name_or_path: Name of a shipped mapping (contract, online_retail) or path of a YAML file.

    Raises:
        MappingError: If there is none, or it is not valid; names file and key, and what to do.
    """
    shipped = SHIPPED / f"{name_or_path}.yml"
    path = shipped if shipped.is_file() else Path(name_or_path)
    if not path.is_file():
        names = ", ".join(sorted(entry.stem for entry in SHIPPED.glob("*.yml")))
        raise MappingError(
            f"Mapping {name_or_path} is neither a file nor one that ships with the project "
            f"({names})."
        )
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_WordsLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise MappingError(f"{path.name} is not valid YAML: {error}") from error
    if not isinstance(document, dict):
        raise MappingError(f"{path.name} holds no mapping: it must start with `version: 1`.")
    try:
        return Mapping.model_validate(document)
    except ValidationError as error:
        lines = [f"{path.name}: {_place(item)}: {_advice(item)}" for item in error.errors()]
        raise MappingError("\n".join(lines)) from error


def mapping_schema() -> dict[str, Any]:
    """Return the JSON schema of a mapping file."""
    return Mapping.model_json_schema(by_alias=True)


def resolve_feeds(mapping: Mapping, contract: Contract) -> list[Feed]:
    """Return every feed of a mapping: its flat files, its tables, and the tables it leaves alone.

    Raises:
        MappingError: If the mapping names tables or columns that the contract does not have.
    """
    problems: list[str] = []
    base = mapping.format.over(DEFAULT_FORMAT)
    feeds: list[Feed] = []
    split: set[str] = set()
    for name, flat in mapping.flat_files.items():
        where = f"mapping {mapping.name}: flat_files.{name}"
        targets = []
        for label, entry in flat.tables.items():
            split.add(label)
            table = _contract_table(contract, label, where, problems)
            if table is None:
                continue
            _check_target(
                table, entry.columns, entry.negate, f"{where}.{label}", problems, is_flat=True
            )
            targets.append(
                Target(table, dict(entry.columns), entry.one_row_per_key, tuple(entry.negate))
            )
        ordered = [
            f"{label}.{column}"
            for label, entry in flat.tables.items()
            for column, rule in entry.columns.items()
            if rule.pick in ("latest", "earliest")
        ]
        if ordered and not flat.latest_by:
            problems.append(f"{where}: pick of {', '.join(ordered)} needs latest_by.")
        if flat.latest_by and flat.latest_by not in flat.types:
            problems.append(f"{where}: latest_by {flat.latest_by} needs a type under types.")
        feeds.append(
            _feed(mapping, name, flat.folder, flat, base=base, targets=targets, is_flat=True)
        )
    for label in mapping.tables:
        _contract_table(contract, label, f"mapping {mapping.name}: tables", problems)
    for table in contract.tables.values():
        settings = mapping.tables.get(table.label)
        if settings is None and table.label in split:
            continue
        settings = settings or TableMapping()
        where = f"mapping {mapping.name}: tables.{table.label}"
        _check_target(table, settings.columns, settings.negate, where, problems, is_flat=False)
        target = Target(table, dict(settings.columns), negate=tuple(settings.negate))
        folder = settings.folder or f"{table.source}/{table.name}"
        feeds.append(
            _feed(
                mapping, table.label, folder, settings, base=base, targets=[target], is_flat=False
            )
        )
    for feed in feeds:
        if feed.settings.exact_duplicates == "keep" and not feed.generates_line_numbers:
            problems.append(
                f"mapping {mapping.name}: {feed.name}: rows have a key of their own, so an exact "
                "duplicate cannot be another row. Leave exact_duplicates out: it is dropped and "
                "counted."
            )
        if feed.generates_line_numbers and feed.settings.exact_duplicates is None:
            problems.append(
                f"mapping {mapping.name}: {feed.name}: lines are numbered by the loader, so say "
                "what becomes of exact duplicates: `exact_duplicates: keep` or `drop`."
            )
    if problems:
        raise MappingError("\n".join(problems))
    return feeds


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a hint naming the entry of ``names`` closest to ``name``, or an empty text."""
    by_lower = {entry.lower(): entry for entry in names}
    found = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.5)
    return f" The nearest is {by_lower[found[0]]}." if found else ""


def _feed(
    mapping: Mapping,
    name: str,
    folder: str,
    settings: TableMapping | FlatFile,
    *,
    base: FileFormat,
    targets: list[Target],
    is_flat: bool,
) -> Feed:
    complete = settings.format.over(base)
    if complete.escape is None:
        complete = complete.model_copy(update={"escape": complete.quote})
    if complete.time_zone is None:
        complete = complete.model_copy(update={"time_zone": mapping.business_time_zone})
    told = {
        "settings": settings.model_dump(mode="json", exclude={"folder", "files", "tolerance"}),
        "format": complete.model_dump(mode="json"),
        "business_time_zone": mapping.business_time_zone,
        "complete_periods": mapping.complete_periods,
    }
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    return Feed(
        name=name,
        folder=folder.strip("/") or ".",
        settings=settings,
        format=complete,
        targets=tuple(targets),
        is_flat=is_flat,
        mapping_hash=digest,
        business_time_zone=mapping.business_time_zone,
        complete_periods=mapping.complete_periods,
    )


def _contract_table(
    contract: Contract, label: str, where: str, problems: list[str]
) -> Table | None:
    try:
        return contract.table(label)
    except KeyError:
        hint = nearest(label, contract.labels)
        problems.append(f"{where}: the contract has no table {label}.{hint}")
        return None


def _check_target(
    table: Table,
    columns: dict[str, ColumnRule],
    negate: list[Negation],
    where: str,
    problems: list[str],
    *,
    is_flat: bool,
) -> None:
    names = [*columns, *(name for entry in negate for name in entry.columns)]
    for name in names:
        if name not in table.column_names:
            hint = nearest(name, table.column_names)
            problems.append(f"{where}: the contract has no column {name} in this table.{hint}")
    for name, rule in columns.items():
        if rule.generated and (len(table.key) < 2 or name != table.key[-1]):  # noqa: PLR2004
            problems.append(
                f"{where}.{name}: only the last column of a key of several can be generated."
            )
    if is_flat:
        for column in table.columns:
            if column.required and column.name not in columns:
                problems.append(f"{where}: column {column.name} is required and has no rule.")


def _place(item: Any) -> str:
    return ".".join(str(part) for part in item["loc"]) or "mapping"


def _advice(item: Any) -> str:
    if item["type"] == "extra_forbidden":
        return "this key is not known. Correct its spelling, or remove it."
    if item["type"] == "missing":
        return "this key is missing. Add it."
    return f"{item['msg']} (found {item['input']!r})."
