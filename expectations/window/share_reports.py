"""Checks on the reports about rivals and loyalty: shown rates follow from shown counts."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.marts import SCHEMA

# Report, rate, numerator, denominator, and the columns that name a row.
RATIOS = (
    (
        "rpt_dual_sourcing_month",
        "dual_sourcing_rate",
        "dual_sourcing_count",
        "customer_count",
        ("reporting_month", "evidence"),
    ),
    (
        "rpt_switch_reasons",
        "reason_rate",
        "customer_count",
        "total_count",
        ("fiscal_year", "direction", "cause_family_code"),
    ),
    (
        "rpt_quadrant_policy_compliance",
        "treated_rate",
        "treated_customer_count",
        "customer_count",
        ("reporting_month", "quadrant", "investment_kind"),
    ),
    (
        "rpt_intent_conversion",
        "conversion_rate",
        "converted_customer_count",
        "mature_customer_count",
        ("reporting_month", "intent_group"),
    ),
    (
        "rpt_programme_effect",
        "lost_rate",
        "lost_count",
        "matched_count",
        ("programme", "fiscal_year"),
    ),
    (
        "rpt_latent_barrier_month",
        "barrier_rate",
        "barrier_customer_count",
        "known_customer_count",
        ("reporting_month", "cause_family_code"),
    ),
    (
        "rpt_cross_sell_month",
        "cross_sold_rate",
        "cross_sold_customer_count",
        "customer_count",
        ("reporting_month",),
    ),
)


def checks() -> list[CheckSpec]:
    """List the checks on the reports about rivals and loyalty.

    Returns:
        Rates that follow from their counts, and net flows that follow from their directions.
    """
    return [
        *(_ratio(*row) for row in RATIOS),
        CheckSpec(
            name="net_switch_follows_from_flows",
            schema=SCHEMA,
            table="rpt_competitor_gain",
            severity="critical",
            description="net_switch is switched_in_count - switched_out_count.",
            action="The net flow is counted from other customers than the two directions.",
            expectation="ExpectRowsToHold",
            arguments={"rule": "net_switch = switched_in_count - switched_out_count"},
            column="net_switch",
            sample_columns=("reporting_month", "competitor_key"),
        ),
    ]


def _ratio(
    table: str, rate: str, numerator: str, denominator: str, key: tuple[str, ...]
) -> CheckSpec:
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
        sample_columns=key,
    )
