"""Queries that turn a file's accepted records into rows of the raw tables."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.loading.convert import identifier
from orchestration.loading.line_numbers import LINES
from orchestration.loading.mapping import Target
from orchestration.loading.plan import Plan


def generated_column(target: Target) -> str | None:
    """Return the column whose numbers the loader makes, or None."""
    return next((name for name, rule in target.columns.items() if rule.generated), None)


@dataclass(frozen=True)
class RowWriter:
    """Builds the insert of one target.

    Attributes:
        number: Position of the target in its feed.
        target: The contract table and its rules.
        plan: The plan the file was read by.
        accepted: SQL condition that holds for accepted records.
    """

    number: int
    target: Target
    plan: Plan
    accepted: str

    def insert(self, file_id: int) -> str:
        """Return the insert statement for one file."""
        generated = generated_column(self.target)
        names = [
            name
            for name in self.target.table.column_names
            if name in self.plan.mapped[self.number] or name == generated
        ]
        columns = ", ".join(identifier(name) for name in names)
        query = (
            self._grouped(names, file_id)
            if self.target.one_row_per_key
            else self._plain(names, file_id)
        )
        return (
            f"insert into {self.target.table.relation} "
            f"({columns}, load_file_id, load_line_number) {query}"
        )

    def _plain(self, names: list[str], file_id: int) -> str:
        generated = generated_column(self.target)
        values = ", ".join(
            self._line_number() if name == generated else self._value(name) for name in names
        )
        return f"select {values}, {file_id}, line from {LINES} where {self.accepted}"

    def _line_number(self) -> str:
        """Number lines by their content, so that another order of the file changes no number."""
        key = self.target.table.key
        document = ", ".join(self._value(name) for name in key[:-1])
        content = [
            f"{self._value(name)} nulls first"
            for name in self.plan.mapped[self.number]
            if name not in key
        ]
        order = ", ".join([*content, "content_key nulls first"])
        return f"row_number() over (partition by {document} order by {order})"

    def _grouped(self, names: list[str], file_id: int) -> str:
        keys = [self._value(name) for name in self.target.table.key]
        values = ", ".join(
            self._value(name) if name in self.target.table.key else self._picked(name)
            for name in names
        )
        present = " and ".join(f"{key} is not null" for key in keys)
        return (
            f"select {values}, {file_id}, min(line) from {LINES} "
            f"where {self.accepted} and {present} group by {', '.join(keys)}"
        )

    def _picked(self, name: str) -> str:
        rule = self.target.columns[name]
        column = self._value(name)
        pick = rule.pick or "same"
        if pick in ("latest", "earliest"):
            # The value itself settles a draw, so that the order of records never matters.
            choose = "max" if pick == "latest" else "min"
            value = (
                f"({choose}({{'at': latest_by, 'value': {column}}}) "
                f"filter (where {column} is not null)).value"
            )
        else:
            value = f"{'max' if pick == 'max' else 'min'}({column})"
        if rule.fallback is not None:
            value = f"coalesce({value}, min(f{self.number}_{name}))"
        return value

    def _value(self, name: str) -> str:
        return f"t{self.number}_{name}"
