"""Checks on the failure analysis: every failure once, in its own month, with dates in order."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.marts import SCHEMA

REBUILD = "Correct the model and rebuild; nothing was published."
# Table: key.
KEYS = {
    "fct_failures": ("failure_key",),
}
# Table, name, what it says, rule.
RULES = (
    (
        "fct_failures",
        "reported_after_it_happened",
        "No failure is known before it happens, and it counts in the month it happened in.",
        "occurred_at <= reported_at"
        " and reporting_month = cast(date_trunc('month', occurred_at) as date)",
    ),
    (
        "fct_failures",
        "books_are_silent",
        "What was found in our books alone has no case, and what has a case somebody noticed.",
        "coalesce(detected_by, 'nobody') <> 'books' or (case_id is null and not is_complaint)",
    ),
)


def checks() -> list[CheckSpec]:
    """List the checks on failures, their frequencies and verdicts.

    Returns:
        Rules on single rows.
    """
    return [
        CheckSpec(
            name=name,
            schema=SCHEMA,
            table=table,
            severity="critical",
            description=description,
            action=f"A row of {table} contradicts itself. {REBUILD}",
            expectation="ExpectRowsToHold",
            arguments={"rule": rule},
            sample_columns=KEYS[table],
        )
        for table, name, description, rule in RULES
    ]
