"""Checks on classes: everybody has one class in each scheme, and is somewhere afterwards."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.marts import SCHEMA

FACT = "fct_customer_classes"
MIGRATION = "rpt_class_migration"
PARETO = "rpt_pareto_month"
SHARES = "rpt_class_share_month"
QUALIFICATIONS = "fct_key_account_qualifications"
SCORECARDS = "fct_core_scorecards"


def checks() -> list[CheckSpec]:
    """List the checks on `fct_customer_classes` and the marts beside it.

    Returns:
        Known classes, everybody classed, shares that follow from their parts and add up.
    """
    return [
        *(
            CheckSpec(
                name=f"{column}_is_known",
                schema=SCHEMA,
                table=FACT,
                severity="critical",
                description=f"Every {column} stands in dim_classes under its scheme.",
                action=(
                    "A class without a row in the seed customer_classes has no label and is in no "
                    "report. Add it with its reason, or correct the scheme."
                ),
                expectation="ExpectClassToBeKnown",
                arguments={"column": column},
                column=column,
                sample_columns=("customer_key", "scheme", "reporting_month"),
            )
            for column in ("class_as_known", "class_restated")
        ),
        CheckSpec(
            name="everybody_is_classed",
            schema=SCHEMA,
            table=FACT,
            severity="critical",
            description=(
                "Each scheme has as many customers in a month as the bridge has at its start."
            ),
            action=(
                "Rates by class would not add up to the rate of all. Compare the customers of the "
                "named month with those of fct_customer_months at the end of the month before."
            ),
            expectation="ExpectEverybodyToBeClassed",
            column="customer_key",
        ),
        CheckSpec(
            name="migration_share_follows_from_counts",
            schema=SCHEMA,
            table=MIGRATION,
            severity="critical",
            description="migration_share is customer_count / start_customer_count.",
            action="The shown counts do not give the shown share. Derive it from these columns.",
            expectation="ExpectShareOfCounts",
            arguments={
                "rate": "migration_share",
                "numerator": "customer_count",
                "denominator": "start_customer_count",
            },
            column="migration_share",
            sample_columns=("basis", "scheme", "reporting_month", "class_at_start"),
        ),
        CheckSpec(
            name="everybody_goes_somewhere",
            schema=SCHEMA,
            table=MIGRATION,
            severity="critical",
            description="The customers of a start class are, together, those it began with.",
            action="A customer went to two classes or to none. Look at the join of start and end.",
            expectation="ExpectMatrixRowsToAddUp",
            arguments={
                "row_key": ["basis", "scheme", "reporting_month", "class_at_start"],
                "part": "customer_count",
                "whole": "start_customer_count",
            },
            column="customer_count",
        ),
        CheckSpec(
            name="open_months_have_no_share",
            schema=SCHEMA,
            table=MIGRATION,
            severity="critical",
            description="No month that the ledger has not passed shows a migration share.",
            action="Make the share NULL where is_closed_month is false.",
            expectation="ExpectOpenPeriodsToBeUnknown",
            arguments={"columns": ["migration_share"]},
            sample_columns=("basis", "scheme", "reporting_month", "class_at_start"),
        ),
        CheckSpec(
            name="classes_are_everybody",
            schema=SCHEMA,
            table=SHARES,
            severity="critical",
            description="The classes of a scheme are, together, all customers of the month.",
            action="Shares of the scheme do not add up to one. Look at the bases of the totals.",
            expectation="ExpectMatrixRowsToAddUp",
            arguments={
                "row_key": ["basis", "scheme", "reporting_month"],
                "part": "customer_count",
                "whole": "total_customer_count",
            },
            column="customer_count",
        ),
        *_pareto_checks(),
        *_quarterly_checks(),
    ]


def _pareto_checks() -> list[CheckSpec]:
    shares = {
        "top_share": ("top_amount", "total_amount"),
        "target_customer_share": ("target_customer_count", "customer_count"),
    }
    return [
        *(
            CheckSpec(
                name=f"{share}_follows_from_its_parts",
                schema=SCHEMA,
                table=PARETO,
                severity="critical",
                description=f"{share} is {part} / {whole}, and unknown over zero.",
                action="The shown parts do not give the shown share. Derive it from these columns.",
                expectation="ExpectShareOfCounts",
                arguments={"rate": share, "numerator": part, "denominator": whole},
                column=share,
                sample_columns=("measure", "reporting_month"),
            )
            for share, (part, whole) in shares.items()
        ),
        CheckSpec(
            name="open_months_have_no_share",
            schema=SCHEMA,
            table=PARETO,
            severity="critical",
            description="No month that the ledger has not passed shows a concentration.",
            action="Make the shares NULL where is_closed_month is false.",
            expectation="ExpectOpenPeriodsToBeUnknown",
            arguments={"columns": ["top_share", "target_customer_share", "gini_coefficient"]},
            sample_columns=("measure", "reporting_month"),
        ),
    ]


def _quarterly_checks() -> list[CheckSpec]:
    key = ("basis", "customer_key", "reporting_month")
    return [
        CheckSpec(
            name="false_big_is_no_key_account",
            schema=SCHEMA,
            table=QUALIFICATIONS,
            severity="critical",
            description="Nobody is a key account and a false big customer at once.",
            action="The named customers are both. Correct the precedence in the criteria.",
            expectation="ExpectRowsToHold",
            arguments={"rule": "not (is_false_big and coalesce(is_key_account, false))"},
            column="is_key_account",
            sample_columns=key,
        ),
        CheckSpec(
            name="best_core_has_three_answers",
            schema=SCHEMA,
            table=SCORECARDS,
            severity="critical",
            description="The verdict is best core where all three questions are answered yes.",
            action="Verdict and answers disagree for the named customers. Derive it from them.",
            expectation="ExpectRowsToHold",
            arguments={
                "rule": "(core_verdict = 'best_core') = (yes_count = 3)"
                " and (yes_count = 3) = coalesce("
                "is_loyal_and_profitable and is_largest_share_ours and is_worth_more_to_us, false)"
            },
            column="core_verdict",
            sample_columns=key,
        ),
    ]
