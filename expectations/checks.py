"""What a check is, before anything runs it.

Checks are plain data so that the orchestrator can list hundreds of them without importing Great
Expectations, which takes seconds. A check names an expectation class of `expectations.domain` and
its arguments; `expectations.suites` makes the one from the other. No SQL runs here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["critical", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")


@dataclass(frozen=True)
class Setting:
    """Stands in an argument for a value that is known only when a run starts.

    Attributes:
        name: Field of `expectations.settings.Settings` that the value is taken from.
    """

    name: str


@dataclass(frozen=True)
class CheckSpec:
    """One promise about one table.

    Attributes:
        name: Stable name, unique within its table; the orchestrator shows results under it.
        schema: Schema of the table in the warehouse file.
        table: Table the promise is about.
        severity: `critical` stops the run, `warning` and `info` are reported.
        description: The promise, as a sentence.
        action: What a person does when it is broken.
        expectation: Class of `expectations.domain` that tests it.
        arguments: Arguments of that class. A `Setting` among them is filled in by the runner.
        column: Column the promise is about, where it is about one.
        sample_columns: Columns that identify an offending row; never personal data.
    """

    name: str
    schema: str
    table: str
    severity: Severity
    description: str
    action: str
    expectation: str = field(repr=False)
    arguments: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)
    column: str | None = field(default=None, repr=False)
    sample_columns: tuple[str, ...] = field(default=(), repr=False)

    @property
    def relation(self) -> tuple[str, str]:
        """Schema and table, the key that checks are grouped by."""
        return (self.schema, self.table)

    @property
    def identifier(self) -> str:
        """Name that is unique over all tables, `schema.table.name`."""
        return f"{self.schema}.{self.table}.{self.name}"


def by_table(checks: Iterable[CheckSpec]) -> dict[tuple[str, str], list[CheckSpec]]:
    """Group checks by table, so that one validation scans a table for all of them.

    Args:
        checks: Any checks.

    Returns:
        Checks by (schema, table), tables and checks in the order they came.
    """
    grouped: dict[tuple[str, str], list[CheckSpec]] = {}
    for check in checks:
        grouped.setdefault(check.relation, []).append(check)
    return grouped


def require_unique_names(checks: Iterable[CheckSpec]) -> list[CheckSpec]:
    """Refuse two checks of one name on one table: only one of them could be reported.

    Args:
        checks: Any checks.

    Returns:
        The same checks, as a list.

    Raises:
        ValueError: Where a name occurs twice.
    """
    listed = list(checks)
    twice = [name for name, n in Counter(c.identifier for c in listed).items() if n > 1]
    if twice:
        raise ValueError(f"check names used twice: {', '.join(sorted(twice))}")
    return listed
