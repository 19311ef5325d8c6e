"""Checks of a record's values, as SQL that lists what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from orchestration.loading.contract import Column
from orchestration.loading.convert import literal

MAX_VALUE = 500
"""Characters of a refused value that are kept."""

_NOTHING = (
    "cast(null as struct(column_name varchar, value varchar, reason varchar, is_key boolean)[])"
)


@dataclass(frozen=True)
class Place:
    """Where a checked value comes from.

    Attributes:
        column: The file's column, for messages.
        shown: SQL of what the file holds.
        is_key: True for a key column.
        guard: SQL condition under which the check applies, or an empty text.
    """

    column: str
    shown: str
    is_key: bool = False
    guard: str = ""


@dataclass
class RowChecks:
    """Collects checks, each a condition that holds where a record is wrong."""

    _entries: list[tuple[str, Place, str]] = field(default_factory=list)

    def add(self, condition: str, place: Place, reason: str) -> None:
        """Add a check: the condition, where its value comes from, and the reason in words."""
        guarded = f"({condition}) and {place.guard}" if place.guard else f"({condition})"
        self._entries.append((guarded, place, reason))

    def add_bounds(self, column: Column, value: str, place: Place) -> None:
        """Add the checks of a column's allowed values and bounds on its converted value."""
        if column.allowed:
            listed = ", ".join(literal(entry) for entry in column.allowed)
            self.add(
                f"{value} not in ({listed})", place, f"is not one of {', '.join(column.allowed)}"
            )
        if column.minimum is not None:
            self.add(f"{value} < {column.minimum}", place, f"is below {column.minimum}")
        if column.maximum is not None:
            self.add(f"{value} > {column.maximum}", place, f"is above {column.maximum}")

    def problems(self) -> str:
        """Return SQL that lists a record's problems; NULL, at little cost, where it has none."""
        if not self._entries:
            return _NOTHING
        listed = ", ".join(
            f"case when {condition} then {{'column_name': {literal(place.column)}, "
            f"'value': left(cast({place.shown} as varchar), {MAX_VALUE}), "
            f"'reason': {literal(reason)}, 'is_key': {str(place.is_key).lower()}}} end"
            for condition, place, reason in self._entries
        )
        any_problem = " or ".join(f"({condition})" for condition, _, _ in self._entries)
        return (
            f"case when {any_problem} then "
            f"list_filter([{listed}], lambda entry: entry is not null) end"
        )
