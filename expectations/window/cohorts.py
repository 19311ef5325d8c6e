"""Checks on cohort retention: cohorts that keep their size and everyone in exactly one of them."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.marts import SCHEMA

TABLE = "rpt_cohort_retention"
KEY = ("cohort_month", "months_since_first")


def checks() -> list[CheckSpec]:
    """List the checks on `rpt_cohort_retention`.

    Returns:
        Sizes, nesting, rates and open months.
    """
    return [
        CheckSpec(
            name="cohort_size_is_constant",
            schema=SCHEMA,
            table=TABLE,
            severity="critical",
            description="A cohort has one size, and never more customers retained than that.",
            action="The size is counted per month instead of per cohort. Correct and rebuild.",
            expectation="ExpectCohortSizeToBeConstant",
            column="cohort_size",
        ),
        CheckSpec(
            name="everyone_is_there_at_first",
            schema=SCHEMA,
            table=TABLE,
            severity="critical",
            description="In its first month a whole cohort is active, and no month lies before it.",
            action=(
                "Cohort and activity are judged by different orders: credit notes counted as "
                "purchases are the usual cause. Correct and rebuild."
            ),
            expectation="ExpectRowsToHold",
            arguments={
                "rule": (
                    "months_since_first >= 0"
                    " and (months_since_first > 0 or retained_count = cohort_size)"
                )
            },
            column="retained_count",
            sample_columns=KEY,
        ),
        CheckSpec(
            name="everyone_is_in_one_cohort",
            schema=SCHEMA,
            table=TABLE,
            severity="critical",
            description="Cohort sizes by month are the customers won by a first purchase in it.",
            action="Customers are in no cohort or in two. Compare with first_purchase_month.",
            expectation="ExpectTotalsToAgreeByMonth",
            arguments={
                "left_name": "cohort_count",
                "left_query": "select cohort_month as reporting_month,"
                " max(cohort_size) as total_amount from {batch} group by cohort_month",
                "right_name": "customer_count",
                "right_query": """
                    select
                        first_purchase_month as reporting_month,
                        count(distinct customer_key) as total_amount
                    from marts.fct_customer_months
                    where first_purchase_month is not null and not is_split_off
                    group by first_purchase_month
                """,
            },
            column="cohort_size",
        ),
        CheckSpec(
            name="retention_rate_follows_from_counts",
            schema=SCHEMA,
            table=TABLE,
            severity="critical",
            description="retention_rate is retained_count / cohort_size.",
            action="The shown counts do not give the shown rate. Derive it from these columns.",
            expectation="ExpectShareOfCounts",
            arguments={
                "rate": "retention_rate",
                "numerator": "retained_count",
                "denominator": "cohort_size",
            },
            column="retention_rate",
            sample_columns=KEY,
        ),
        CheckSpec(
            name="rolling_rate_follows_from_counts",
            schema=SCHEMA,
            table=TABLE,
            severity="critical",
            description="rolling_retention_rate is retained_or_later_count / cohort_size.",
            action="The shown counts do not give the shown rate. Derive it from these columns.",
            expectation="ExpectShareOfCounts",
            arguments={
                "rate": "rolling_retention_rate",
                "numerator": "retained_or_later_count",
                "denominator": "cohort_size",
            },
            column="rolling_retention_rate",
            sample_columns=KEY,
        ),
        CheckSpec(
            name="open_months_have_no_rate",
            schema=SCHEMA,
            table=TABLE,
            severity="critical",
            description="No cell of a month that the ledger has not passed shows a rate.",
            action="Make the rate NULL where is_closed_month is false.",
            expectation="ExpectOpenPeriodsToBeUnknown",
            arguments={"columns": ["retention_rate", "retention_low_rate", "retention_high_rate"]},
            sample_columns=KEY,
        ),
    ]
