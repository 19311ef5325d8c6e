"""Checks on the monthly churn rate: numerator, denominator, and silence about open months."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.marts import SCHEMA

TABLE = "rpt_churn_month"
RATES = ["churn_rate", "churn_low_rate", "churn_high_rate", "annualised_churn_rate"]


def checks() -> list[CheckSpec]:
    """List the checks on `rpt_churn_month`.

    Returns:
        Rates that follow from their counts, unknown while a month is open.
    """
    return [
        _ratio("churn_rate", "lost_customer_count", "start_customer_count"),
        _ratio("false_defection_rate", "false_defection_count", "mature_episode_count"),
        CheckSpec(
            name="open_months_have_no_rate",
            schema=SCHEMA,
            table=TABLE,
            severity="critical",
            description="No month that the ledger has not passed shows a churn rate.",
            action=(
                "Half a month's losses over a whole month's customers look like an improvement. "
                "Make the rate NULL where is_closed_month is false."
            ),
            expectation="ExpectOpenPeriodsToBeUnknown",
            arguments={"columns": [*RATES, "false_defection_rate"]},
            sample_columns=("reporting_month",),
        ),
    ]


def _ratio(rate: str, numerator: str, denominator: str) -> CheckSpec:
    return CheckSpec(
        name=f"{rate}_follows_from_counts",
        schema=SCHEMA,
        table=TABLE,
        severity="critical",
        description=f"{rate} is {numerator} / {denominator}, and unknown over zero.",
        action="The shown counts do not give the shown rate. Derive the rate from these columns.",
        expectation="ExpectShareOfCounts",
        arguments={"rate": rate, "numerator": numerator, "denominator": denominator},
        column=rate,
        sample_columns=("reporting_month",),
    )
