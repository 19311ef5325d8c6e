"""Checks on revenue retention: kept, lost and gained add up, and gross never exceeds 1."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.marts import SCHEMA

TABLES = {
    "rpt_revenue_retention": ("reporting_month",),
    "rpt_revenue_retention_windows": ("reporting_month", "window_months"),
}


def checks() -> list[CheckSpec]:
    """List the checks on both revenue retention marts.

    Returns:
        The identity, gross against net, the rates from their amounts, and open months.
    """
    return [check for table, key in TABLES.items() for check in _checks(table, key)]


def _checks(table: str, key: tuple[str, ...]) -> list[CheckSpec]:
    return [
        _rule(
            table,
            key,
            name="adds_up",
            description="start - contraction - churned + expansion = end, exactly.",
            rule=(
                "start_amount is null or"
                " start_amount - contraction_amount - churned_amount + expansion_amount"
                " = end_amount"
            ),
        ),
        _rule(
            table,
            key,
            name="gross_is_at_most_net",
            description="Gross retention is at most 1 and at most net retention.",
            rule=(
                "gross_retention_rate is null or"
                " (gross_retention_rate <= 1 and gross_retention_rate <= net_retention_ratio)"
            ),
        ),
        _rule(
            table,
            key,
            name="nothing_negative",
            description="What was there, lost or gained is never below zero.",
            rule=(
                "start_amount is null or (start_amount >= 0 and contraction_amount >= 0"
                " and churned_amount >= 0 and expansion_amount >= 0)"
            ),
        ),
        CheckSpec(
            name="open_months_have_no_rate",
            schema=SCHEMA,
            table=table,
            severity="critical",
            description="No month that the ledger has not passed shows a retention.",
            action="Make the rates NULL where is_closed_month is false.",
            expectation="ExpectOpenPeriodsToBeUnknown",
            arguments={"columns": ["gross_retention_rate", "net_retention_ratio"]},
            sample_columns=key,
        ),
    ]


def _rule(table: str, key: tuple[str, ...], *, name: str, description: str, rule: str) -> CheckSpec:
    return CheckSpec(
        name=name,
        schema=SCHEMA,
        table=table,
        severity="critical",
        description=description,
        action=(
            f"The amounts of {table} do not belong to the same customers or windows. Correct the "
            f"model and rebuild; nothing was published."
        ),
        expectation="ExpectRowsToHold",
        arguments={"rule": rule},
        sample_columns=key,
    )
