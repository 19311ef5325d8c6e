"""Builds the one SQL statement that reads a file, converts it and marks what does not fit."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from orchestration.loading.contract import Column
from orchestration.loading.convert import (
    Reading,
    clean_text,
    identifier,
    literal,
    misfit,
    native_to,
    text_to,
)
from orchestration.loading.errors import FileProblem
from orchestration.loading.file_format import DEFAULT_FORMAT
from orchestration.loading.header import FileColumn
from orchestration.loading.mapping import Feed, Target
from orchestration.loading.mapping_models import ColumnRule, FlatFile
from orchestration.loading.row_checks import Place, RowChecks


@dataclass(frozen=True)
class Source:
    """A file as DuckDB reads it.

    Attributes:
        relation: SQL that yields columns c0, c1, ... in file order.
        columns: The file's columns, in the same order.
        line: SQL of the physical line in ``relation``, or None where the order of rows tells it.
        is_excel: True for an Excel sheet, whose dates are numbers.
    """

    relation: str
    columns: tuple[FileColumn, ...]
    line: str | None = None
    is_excel: bool = False


@dataclass(frozen=True)
class _Converted:
    """A contract column's value, what it is made of, and how to name and show that."""

    sql: str
    base: str
    origin: str
    shown: str


@dataclass
class Plan:
    """The statement and what it yields.

    Attributes:
        select: Query over the file: one row a record, with every mapped contract column as
            ``t<target>_<column>``, ``latest_by``, ``content_key``, ``line`` and ``problems``.
        mapped: Per target, the contract columns that have a value.
        origins: Per target and contract column, the file's column it comes from, for messages.
    """

    select: str = ""
    mapped: list[list[str]] = field(default_factory=list)
    origins: list[dict[str, str]] = field(default_factory=list)


def build_plan(
    connection: duckdb.DuckDBPyConnection, feed: Feed, source: Source, label: str
) -> Plan:
    """Build the statement that reads one file.

    Args:
        connection: Used to bind expressions against the file's columns; reads no data.
        feed: The feed the file belongs to.
        source: The file.
        label: Its name for messages.

    Raises:
        FileProblem: If an expression of the mapping does not fit the file's columns.
    """
    return _Builder(connection, feed, source, label).build()


class _Builder:
    def __init__(
        self, connection: duckdb.DuckDBPyConnection, feed: Feed, source: Source, label: str
    ) -> None:
        self.connection = connection
        self.feed = feed
        self.source = source
        self.label = label
        self.reading = Reading(feed.format, feed.business_time_zone, source.is_excel)
        self.position = {column.name: index for index, column in enumerate(source.columns)}
        self.types = feed.settings.types
        self.checks = RowChecks()
        self.type_checks: list[str] = []
        self.plan = Plan()

    def build(self) -> Plan:
        named, typed = [], []
        numbers_and_dates = self._numbers_and_dates()
        for index, column in enumerate(self.source.columns):
            text = f"c{index}"
            if column.native == "varchar":
                text = clean_text(
                    text, self.feed.format, only_blanks=column.name in numbers_and_dates
                )
            named.append(f"{text} as k{index}")
            wanted = self.types.get(column.name)
            value = f"k{index}"
            if wanted:
                value = native_to(wanted, value, column.native, self.reading)
                self.type_checks.append(
                    f"k{index} is not null and {identifier(column.name)} is null"
                )
                self.checks.add(
                    self.type_checks[-1],
                    Place(column.name, f"k{index}"),
                    misfit(wanted, self.reading),
                )
            typed.append(f"{value} as {identifier(column.name)}")
        converted = [
            expression
            for number, target in enumerate(self.feed.targets)
            for expression in self._target(number, target)
        ]
        extra = self._extra_columns()
        outputs = [
            f"t{number}_{name}" for number, names in enumerate(self.plan.mapped) for name in names
        ] + [f"f{number}_{name}" for number, name in self._fallbacks()]
        line = f", {self.source.line} as line" if self.source.line else ""
        raw_key = self._content_key()
        self.plan.select = (
            f"with records as (select *{line} from {self.source.relation}), "
            f"cleaned as (select {', '.join(named)}{raw_key}{', line' if line else ''} "
            "from records), "
            f"file_columns as (select *, {', '.join(typed)} from cleaned), "
            f"converted as (select *, {', '.join(converted)}{extra} from file_columns) "
            f"select {', '.join(outputs)}"
            f"{', latest_by' if extra else ''}"
            f"{', content_key' if raw_key else ''}{', line' if line else ''}, "
            f"{self.checks.problems()} as problems from converted"
        )
        return self.plan

    def _numbers_and_dates(self) -> set[str]:
        """Return the file columns that are read as a number, a date or a truth value alone."""
        read_as: dict[str, set[str]] = {name: {kind} for name, kind in self.types.items()}
        for target in self.feed.targets:
            for column in target.table.columns:
                rule = target.columns.get(column.name)
                origin = column.name if rule is None else rule.from_
                if origin and not (rule is None and self.feed.is_flat):
                    words = rule is not None and rule.values
                    read_as.setdefault(origin, set()).add("string" if words else column.data_type)
        return {name for name, kinds in read_as.items() if "string" not in kinds}

    def _target(self, number: int, target: Target) -> list[str]:
        """Return the expressions of one contract table, and add the checks of its columns."""
        expressions: list[str] = []
        found: list[tuple[Column, _Converted]] = []
        for column in target.table.columns:
            rule = target.columns.get(column.name)
            if rule is None and not self.feed.is_flat and column.name in self.position:
                rule = ColumnRule.model_validate({"from": column.name})
            if rule is None or rule.generated:
                continue
            if rule.from_ is not None and rule.from_ not in self.position:
                continue
            converted = self._value(column, rule)
            value = self._signed(converted.sql, column, target)
            expressions.append(f"{value} as t{number}_{column.name}")
            found.append((column, converted))
            if rule.fallback is not None:
                native = self._bind(rule.fallback, f"{target.table.label}.{column.name}.fallback")
                back = native_to(column.data_type, f"({rule.fallback})", native, self.reading)
                expressions.append(f"{back} as f{number}_{column.name}")
        key = target.table.key
        guard = " and ".join(
            f"{converted.base} is not null" for column, converted in found if column.name in key
        )
        for column, converted in found:
            place = Place(
                converted.origin,
                converted.shown,
                column.name in key,
                guard if target.one_row_per_key else "",
            )
            self._column_checks(target, column, f"t{number}_{column.name}", converted.base, place)
        self.plan.mapped.append([column.name for column, _ in found])
        self.plan.origins.append({column.name: converted.origin for column, converted in found})
        return expressions

    def _signed(self, value: str, column: Column, target: Target) -> str:
        for entry in target.negate:
            if column.name in entry.columns:
                self._bind(entry.when, "negate")
                value = (
                    f"case when coalesce(({entry.when}), false) then -({value}) else {value} end"
                )
        return value

    def _value(self, column: Column, rule: ColumnRule) -> _Converted:
        if rule.constant is not None:
            base = literal(rule.constant)
            contract_notation = Reading(DEFAULT_FORMAT, self.feed.business_time_zone)
            value = text_to(column.data_type, base, contract_notation)
            return _Converted(value, base, f"constant {rule.constant}", base)
        if rule.expression is not None:
            native = self._bind(rule.expression, f"column {column.name}")
            base = f"({rule.expression})"
            value = native_to(column.data_type, base, native, self.reading)
            return _Converted(value, base, f"expression for {column.name}", base)
        assert rule.from_ is not None
        position = self.position[rule.from_]
        native = self.source.columns[position].native
        base = identifier(rule.from_)
        if rule.from_ in self.types:
            native = self._bind(base, f"column {column.name}")
        elif rule.values:
            cases = " ".join(
                f"when {literal(word)} then {'null' if meant is None else literal(meant)}"
                for word, meant in rule.values.items()
            )
            text = base if native == "varchar" else f"cast({base} as varchar)"
            base, native = f"(case {text} {cases} else {text} end)", "varchar"
        value = native_to(column.data_type, base, native, self.reading)
        return _Converted(value, base, rule.from_, f"k{position}")

    def _column_checks(
        self, target: Target, column: Column, value: str, base: str, place: Place
    ) -> None:
        if value != base:
            self.checks.add(
                f"{base} is not null and {value} is null",
                place,
                misfit(column.data_type, self.reading),
            )
        if column.required and not target.one_row_per_key:
            # A typed file column that did not fit is told once, not again as empty.
            fits = "".join(f" and not ({condition})" for condition in self.type_checks)
            self.checks.add(f"{base} is null{fits}", place, "is empty but required")
        self.checks.add_bounds(column, value, place)

    def _fallbacks(self) -> list[tuple[int, str]]:
        return [
            (number, name)
            for number, target in enumerate(self.feed.targets)
            for name, rule in target.columns.items()
            if rule.fallback is not None
        ]

    def _extra_columns(self) -> str:
        settings = self.feed.settings
        if isinstance(settings, FlatFile) and settings.latest_by:
            return f", {identifier(settings.latest_by)} as latest_by"
        return ""

    def _content_key(self) -> str:
        """Return SQL of a fingerprint of all values, where equal lines must be told apart."""
        if not self.feed.generates_line_numbers:
            return ""
        parts = ", ".join(
            f"coalesce(cast(c{index} as varchar), '')" for index in range(len(self.position))
        )
        return f", md5_number(concat_ws(chr(31), {parts})) as content_key"

    def _bind(self, expression: str, where: str) -> str:
        """Return the type of an expression over the file's columns, lower case."""
        columns = ", ".join(
            f"cast(null as {self._sql_type(column)}) as {identifier(column.name)}"
            for column in self.source.columns
        )
        first = identifier(self.source.columns[0].name)
        try:
            described = self.connection.execute(
                f"describe select ({expression}) as value, {first} as other from (select {columns})"
            ).fetchall()
        except duckdb.Error as error:
            message = str(error).split("\n\n")[0].split("\nLINE")[0]
            raise FileProblem(
                f"{self.label}: the mapping's expression for {where}, {expression!r}, cannot be "
                f"worked out: {message}. It may use the file's columns "
                f"({', '.join(column.name for column in self.source.columns)}), each in double "
                "quotes, and needs a type under `types` to compute with one."
            ) from error
        return str(described[0][1]).lower()

    def _sql_type(self, column: FileColumn) -> str:
        wanted = self.types.get(column.name)
        if wanted is None:
            return column.native
        return "varchar" if wanted == "string" else wanted
