"""Checks on the spine: every customer, every month, once, in a state that exists."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.marts import SCHEMA

TABLE = "fct_customer_months"
KEY = ("customer_key", "reporting_month")


def checks() -> list[CheckSpec]:
    """List the checks on `fct_customer_months` and on the months it spans.

    Returns:
        Density, completeness against the lines, states, activity; and `dim_months` without a gap.
    """
    return [
        CheckSpec(
            name="no_month_lost_or_doubled",
            schema=SCHEMA,
            table=TABLE,
            severity="critical",
            description=(
                "Every customer has each month from the first to the month reported exactly once."
            ),
            action=(
                "The named customers miss months or have some twice; their silence and trailing "
                "sums are wrong. Correct the spine in the customer-month models and rebuild."
            ),
            expectation="ExpectSpineToBeDense",
            arguments={"key": "customer_key"},
            column="reporting_month",
        ),
        CheckSpec(
            name="active_months_are_those_with_purchases",
            schema=SCHEMA,
            table=TABLE,
            severity="critical",
            description=(
                "A customer is active in exactly the months in which fct_invoice_lines has a "
                "qualifying line of theirs."
            ),
            action=(
                "The spine and the lines disagree about who bought when. Look at the named "
                "customers: merged accounts are the usual cause. Correct and rebuild."
            ),
            expectation="ExpectActiveMonthsToMatchPurchases",
            column="is_active",
        ),
        CheckSpec(
            name="states_are_known",
            schema=SCHEMA,
            table=TABLE,
            severity="critical",
            description="Every customer_state stands in the seed customer_states.",
            action=(
                "A state without a row in the seed has no label and is in no report. Add it to "
                "the seed with its reason, or correct the state machine."
            ),
            expectation="ExpectStateFromSeed",
            arguments={"column": "customer_state"},
            column="customer_state",
            sample_columns=KEY,
        ),
        CheckSpec(
            name="active_means_an_order",
            schema=SCHEMA,
            table=TABLE,
            severity="critical",
            description="is_active, order_count and purchase_day_count agree in every row.",
            action="Correct whichever of the three is counted from other lines, and rebuild.",
            expectation="ExpectRowsToHold",
            arguments={
                "rule": "is_active = (order_count > 0) and is_active = (purchase_day_count > 0)"
            },
            column="is_active",
            sample_columns=KEY,
        ),
        CheckSpec(
            name="calendar_has_no_gap",
            schema=SCHEMA,
            table="dim_months",
            severity="critical",
            description="dim_months has every month between its first and its last.",
            action="Correct the calendar: every rate of the missing months is missing too.",
            expectation="ExpectCalendarWithoutGap",
            column="reporting_month",
        ),
    ]
