"""What changed in the columns of the marts since the last release, and whether it may go out.

A dashboard breaks when a column it reads vanishes, is renamed or changes its type. New tables and
new columns break nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.publishing.errors import PublishError
from orchestration.publishing.marts import Mart


@dataclass(frozen=True)
class Change:
    """One difference between two releases.

    Attributes:
        mart: Table concerned.
        column: Column concerned, None where the whole table is.
        old: Type in the last release, None where it is new.
        new: Type now, None where it is gone.
    """

    mart: str
    column: str | None
    old: str | None
    new: str | None

    @property
    def is_breaking(self) -> bool:
        """Whether a reader of the last release may fail: something is gone or has another type."""
        return self.old is not None

    def __str__(self) -> str:
        """Say what changed in one line."""
        name = self.mart if self.column is None else f"{self.mart}.{self.column}"
        if self.new is None:
            was = "" if self.column is None else f" (was {self.old})"
            return f"{name}: removed{was}"
        if self.old is None:
            return f"{name}: new ({self.new})"
        return f"{name}: {self.old} became {self.new}"


def diff_schemas(previous: Mapping[str, Any], marts: Mapping[str, Mart]) -> list[Change]:
    """Compare the marts of the last release with those to publish.

    Args:
        previous: `marts` of the last release's manifest.
        marts: Marts to publish, by name.

    Returns:
        Changes by mart and column; a renamed column is one removed and one new.
    """
    changes = []
    for name in sorted({*previous, *marts}):
        if name not in marts:
            changes.append(Change(name, None, "table", None))
            continue
        new = {column.name: column.type for column in marts[name].columns}
        if name not in previous:
            changes.append(Change(name, None, None, "table"))
            continue
        old = {column["name"]: column["type"] for column in previous[name]["columns"]}
        changes += [
            Change(name, column, old.get(column), new.get(column))
            for column in {**old, **new}
            if old.get(column) != new.get(column)
        ]
    return changes


def check_schema(
    previous: Mapping[str, Any], marts: Mapping[str, Mart], allow_breaking: Collection[str]
) -> list[Change]:
    """Stop a breaking change that nobody declared.

    Args:
        previous: `marts` of the last release's manifest, empty before the first.
        marts: Marts to publish, by name.
        allow_breaking: Marts whose readers have been told.

    Returns:
        Every change, breaking or not.

    Raises:
        PublishError: A breaking change of a mart whose version was not raised and that
            `allow_breaking` does not name.
    """
    changes = diff_schemas(previous, marts)
    undeclared = [
        change
        for change in changes
        if change.is_breaking
        and change.mart not in allow_breaking
        and not _version_was_raised(previous, marts, change.mart)
    ]
    if undeclared:
        raise PublishError(_explain(undeclared, changes, previous, marts))
    return changes


def _version_was_raised(previous: Mapping[str, Any], marts: Mapping[str, Mart], name: str) -> bool:
    return name in marts and marts[name].version > int(previous[name].get("version", 1))


def _explain(
    undeclared: list[Change],
    changes: list[Change],
    previous: Mapping[str, Any],
    marts: Mapping[str, Mart],
) -> str:
    lines = ["Readers of the last release would break:"]
    for change in undeclared:
        lines.append(f"  {change}{_rename_hint(change, changes)}")
    for name in sorted({change.mart for change in undeclared}):
        if name in marts:
            wanted = int(previous[name].get("version", 1)) + 1
            lines.append(
                f"Restore {name} as it was, or tell its readers and raise its version "
                f"(config.meta.version: {wanted} in {name}.yml)."
            )
        else:
            lines.append(
                f"Restore {name}, or tell its readers and let it go in one release: "
                f"kaw run --allow-breaking {name}."
            )
    return "\n".join(lines)


def _rename_hint(change: Change, changes: list[Change]) -> str:
    """Name the new column of the same type, where exactly one could be the old one renamed."""
    if change.column is None or change.new is not None:
        return ""
    candidates = [
        other.column
        for other in changes
        if other.mart == change.mart and other.old is None and other.new == change.old
    ]
    return f", renamed to {candidates[0]}?" if len(candidates) == 1 else ""
