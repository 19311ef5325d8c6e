"""Checks made of tables of rules: what every single row of a mart must hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from expectations.checks import CheckSpec
from expectations.window.marts import SCHEMA

REBUILD = "Correct the model and rebuild; nothing was published."
CONTRADICTION = "A row of {table} contradicts itself."


def row_checks(
    rules: Iterable[tuple[str, str, str, str]],
    keys: Mapping[str, tuple[str, ...]],
    finding: str = CONTRADICTION,
) -> list[CheckSpec]:
    """Make one critical check of each rule.

    Args:
        rules: Mart, name of the check, what it says, and the SQL condition that a row holds.
        keys: Columns that identify an offending row, by mart.
        finding: What a broken rule means, with `{table}` for the mart; what to do follows it.

    Returns:
        Checks in the order of the rules.
    """
    return [
        CheckSpec(
            name=name,
            schema=SCHEMA,
            table=table,
            severity="critical",
            description=description,
            action=f"{finding.format(table=table)} {REBUILD}",
            expectation="ExpectRowsToHold",
            arguments={"rule": rule},
            sample_columns=keys[table],
        )
        for table, name, description, rule in rules
    ]
