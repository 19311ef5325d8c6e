"""Checks on the customer bridge: an exact identity, month after month."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.marts import SCHEMA

TABLE = "rpt_customer_bridge_month"


def checks() -> list[CheckSpec]:
    """List the checks on `rpt_customer_bridge_month`.

    Returns:
        The identity within a month, between months, and against the spine.
    """
    return [
        CheckSpec(
            name="adds_up",
            schema=SCHEMA,
            table=TABLE,
            severity="critical",
            description="start + new + split off + returned - lost - closed = end, in every month.",
            action=(
                "A transition between states is counted in no column or in two. Compare "
                "customer_state with customer_state_at_start in the named months."
            ),
            expectation="ExpectRowsToHold",
            arguments={
                "rule": (
                    "start_customer_count + new_customer_count + split_customer_count"
                    " + returned_customer_count - lost_customer_count - closed_customer_count"
                    " = end_customer_count"
                )
            },
            sample_columns=("reporting_month",),
        ),
        CheckSpec(
            name="starts_where_the_month_before_ended",
            schema=SCHEMA,
            table=TABLE,
            severity="critical",
            description="Every month starts with the customers the month before ended with.",
            action=(
                "Customers appear or vanish between two months: a month is missing, or the states "
                "at start and end are judged by different rules."
            ),
            expectation="ExpectBridgeToContinue",
            arguments={"start": "start_customer_count", "end": "end_customer_count"},
            column="start_customer_count",
        ),
        CheckSpec(
            name="end_agrees_with_spine",
            schema=SCHEMA,
            table=TABLE,
            severity="critical",
            description="A month ends with the customers whose state in the spine is a live one.",
            action="The bridge counts other customers than the spine holds. Rebuild both.",
            expectation="ExpectTotalsToAgreeByMonth",
            arguments={
                "left_name": "bridge_count",
                "left_query": "select reporting_month, end_customer_count as total_amount"
                " from {batch}",
                "right_name": "spine_count",
                "right_query": """
                    select spine.reporting_month, count(*) as total_amount
                    from marts.fct_customer_months as spine
                    inner join seeds.customer_states as states
                        on spine.customer_state = states.customer_state
                    where states.is_live
                    group by spine.reporting_month
                """,
            },
            column="end_customer_count",
        ),
    ]
