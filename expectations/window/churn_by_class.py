"""Checks on churn by class, the bridge of the classes and the reports of losses beside it."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.marts import SCHEMA

CHURN = "rpt_churn_by_class"
BRIDGE = "rpt_customer_bridge_class_month"
RECONCILIATION = "rpt_defection_reconciliation"
GROUPS = "rpt_group_churn"
CHANGE = "rpt_churn_policy_change"


def checks() -> list[CheckSpec]:
    """List the checks on `rpt_churn_by_class`, the bridge by class and the reconciliation.

    Returns:
        Rates that follow from their counts, open months without rates, the bridge's identity, and
        groups that are lost with their last customer.
    """
    return [
        _ratio(CHURN, "churn_rate", "defected_customer_count", "start_customer_count"),
        _ratio(CHURN, "false_defection_rate", "false_defection_count", "mature_episode_count"),
        _open_months(CHURN, ["churn_rate", "revenue_churn_rate", "margin_churn_rate"]),
        _open_months(RECONCILIATION, ["hidden_rate"]),
        _ratio(GROUPS, "churn_rate", "lost_group_count", "start_group_count"),
        _ratio(
            CHANGE,
            "superseded_churn_rate",
            "superseded_lost_customer_count",
            "superseded_start_customer_count",
        ),
        _open_months(GROUPS, ["churn_rate", "revenue_churn_rate", "customer_churn_rate"]),
        _rule(
            GROUPS,
            "lost_groups_lost_customers",
            "Every lost group lost a customer, and those of groups that stay are counted apart.",
            "A group is called lost while one of its customers stays. See int_group_churn_counts.",
            "lost_group_count <= lost_customer_count - lost_in_kept_group_count"
            " and start_group_count <= start_customer_count",
        ),
        CheckSpec(
            name="adds_up",
            schema=SCHEMA,
            table=BRIDGE,
            severity="critical",
            description="What came into a class less what left it is the difference of its ends.",
            action=(
                "A customer changed its class and is counted on one side alone, or the classes of "
                "two months were judged by different deliveries. Compare the named class with "
                "rpt_class_migration."
            ),
            expectation="ExpectRowsToHold",
            arguments={
                "rule": (
                    "start_customer_count + new_customer_count + split_customer_count"
                    " + returned_customer_count + migrated_in_customer_count"
                    " - migrated_out_customer_count - lost_customer_count"
                    " - closed_customer_count = end_customer_count"
                )
            },
            sample_columns=("scheme", "customer_class", "basis", "reporting_month"),
        ),
        _ratio(
            "rpt_defection_segment_concentration",
            "churn_rate",
            "defected_customer_count",
            "start_customer_count",
        ),
        _rule(
            "rpt_contagion",
            "open_windows_have_no_share",
            "A key account whose window is not over has no shares before and after its loss.",
            "Half a window against a whole one looks like peers that stay. Make the shares NULL.",
            "is_window_complete or contagion_difference is null",
        ),
        _rule(
            "rpt_retention_sensitivity",
            "a_point_less_is_worth_no_less",
            "A customer is worth no less when a point fewer leave.",
            "The saved point is added to the churn, or exceeds it. See lifetime_margin_after.",
            "lifetime_margin_after is null or lifetime_margin <= 0"
            " or lifetime_margin_after >= lifetime_margin - 0.0001",
        ),
        _rule(
            "rpt_early_warning",
            "everybody_has_a_reason",
            "Every customer on the warning list is there for a reason.",
            "A list without reasons is not acted on. Look at reason_count of the named customers.",
            "reason_count > 0",
        ),
        _rule(
            "rpt_defection_board",
            "figures_lie_in_their_intervals",
            "A figure of the director's page lies within its interval.",
            "Figure and interval come from different counts. See int_board_figures.",
            "low_value is null or figure_value is null"
            " or figure_value between low_value and high_value",
        ),
    ]


def _rule(table: str, name: str, description: str, action: str, rule: str) -> CheckSpec:
    return CheckSpec(
        name=name,
        schema=SCHEMA,
        table=table,
        severity="critical",
        description=description,
        action=action,
        expectation="ExpectRowsToHold",
        arguments={"rule": rule},
    )


def _ratio(table: str, rate: str, numerator: str, denominator: str) -> CheckSpec:
    return CheckSpec(
        name=f"{rate}_follows_from_counts",
        schema=SCHEMA,
        table=table,
        severity="critical",
        description=f"{rate} is {numerator} / {denominator}, and unknown over zero.",
        action="The shown counts do not give the shown rate. Derive the rate from these columns.",
        expectation="ExpectShareOfCounts",
        arguments={"rate": rate, "numerator": numerator, "denominator": denominator},
        column=rate,
        sample_columns=("reporting_month",),
    )


def _open_months(table: str, rates: list[str]) -> CheckSpec:
    return CheckSpec(
        name="open_months_have_no_rate",
        schema=SCHEMA,
        table=table,
        severity="critical",
        description=f"No month that the ledger has not passed shows a rate in {table}.",
        action="Make the rate NULL where is_closed_month is false.",
        expectation="ExpectOpenPeriodsToBeUnknown",
        arguments={"columns": rates},
        sample_columns=("reporting_month",),
    )
