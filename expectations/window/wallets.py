"""Checks on wallets: capped shares are flagged, and no share moves over a change of method."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.marts import SCHEMA


def checks() -> list[CheckSpec]:
    """List the checks on `fct_wallets` and on the share of wallet in `fct_customer_months`.

    Returns:
        A share of one only where it is earned or flagged; no movement where the method changed.
    """
    return [
        CheckSpec(
            name="understated_wallets_are_capped",
            schema=SCHEMA,
            table="fct_wallets",
            severity="critical",
            description="A wallet below what we sold gives a share of exactly 1, or none.",
            action=(
                "The named shares are above the wallet. Cap them where is_wallet_understated and "
                "keep them out of every movement."
            ),
            expectation="ExpectRowsToHold",
            arguments={
                "rule": "not coalesce(is_wallet_understated, false) or coalesce(sow = 1, true)"
            },
            column="sow",
            sample_columns=("customer_key", "product_category", "period_start_date"),
        ),
        CheckSpec(
            name="no_movement_over_a_change_of_method",
            schema=SCHEMA,
            table="fct_customer_months",
            severity="critical",
            description="Where the wallet's method changed within the year, d_sow is unknown.",
            action=(
                "A change of method looks like a gain or loss of share. Compare only wallets got "
                "by one method; leave d_sow NULL otherwise."
            ),
            expectation="ExpectRowsToHold",
            arguments={"rule": "not coalesce(sow_method_break, false) or d_sow is null"},
            column="d_sow",
            sample_columns=("customer_key", "reporting_month"),
        ),
    ]
