"""Checks on wallets, loyalty and claims: nothing is concluded from what nobody knows."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.marts import SCHEMA


def checks() -> list[CheckSpec]:
    """List the checks on wallets, movement of share, loyalty quadrants and the claim scoreboard.

    Returns:
        Capped shares flagged; guesses marked, and their errors known; shares of known markets; no
        movement over a change of method or in an open month; counts that add up; no quadrant
        without a share; no verdict without a figure.
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
            name="modelled_wallets_are_marked",
            schema=SCHEMA,
            table="fct_modelled_wallets",
            severity="critical",
            description="A modelled wallet says that it is no stated one, and holds our own sales.",
            action=(
                "The named wallets look stated, or are smaller than what we sold. Keep guesses in "
                "this mart alone, marked, and never below net_revenue_t12."
            ),
            expectation="ExpectRowsToHold",
            arguments={
                "rule": (
                    "wallet_method = 'model' and not is_stated "
                    "and modelled_wallet_amount >= net_revenue_t12"
                )
            },
            column="wallet_method",
            sample_columns=("customer_key", "product_category"),
        ),
        CheckSpec(
            name="errors_rest_on_stated_wallets",
            schema=SCHEMA,
            table="rpt_wallet_model_error",
            severity="critical",
            description="The error of the wallet model is known where a modelled wallet is stated.",
            action="The named errors come of other wallets than those counted. Correct the join.",
            expectation="ExpectRowsToHold",
            arguments={
                "rule": (
                    "validated_count <= modelled_count and too_low_count <= validated_count "
                    "and (median_absolute_error_ratio is not null) = (validated_count > 0)"
                )
            },
            column="validated_count",
            sample_columns=("product_category",),
        ),
        CheckSpec(
            name="market_shares_rest_on_known_markets",
            schema=SCHEMA,
            table="rpt_market_share",
            severity="critical",
            description="A market share is missing for a named reason, and capped where it must.",
            action=(
                "The named shares are given without what they need, or above what the market buys. "
                "Leave them NULL with missing_input, or cap them and mark the market understated."
            ),
            expectation="ExpectRowsToHold",
            arguments={
                "rule": (
                    "(market_share is null) = (missing_input is not null)"
                    " and (market_share_change is null or not is_market_understated)"
                    " and (market_share is null or (own_revenue > market_amount)"
                    " = is_market_understated)"
                )
            },
            column="market_share",
            sample_columns=("market_code", "first_month"),
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
        CheckSpec(
            name="every_valid_customer_went_somewhere",
            schema=SCHEMA,
            table="rpt_sow_movement_month",
            severity="critical",
            description="Customers whose share rose, stayed or fell are all those with a movement.",
            action="The three counts and valid_customer_count differ. Correct the grouping.",
            expectation="ExpectRowsToHold",
            arguments={
                "rule": (
                    "up_customer_count + flat_customer_count + down_customer_count "
                    "= valid_customer_count and valid_customer_count <= start_customer_count"
                )
            },
            sample_columns=("scheme", "class_at_start", "reporting_month"),
        ),
        CheckSpec(
            name="open_months_have_no_movement",
            schema=SCHEMA,
            table="rpt_sow_movement_month",
            severity="critical",
            description="No month that the ledger has not passed shows a movement of share.",
            action="Make the rates NULL where is_closed_month is false.",
            expectation="ExpectOpenPeriodsToBeUnknown",
            arguments={"columns": ["up_rate", "flat_rate", "down_rate", "weighted_d_sow"]},
            sample_columns=("scheme", "class_at_start", "reporting_month"),
        ),
        CheckSpec(
            name="nobody_is_classified_without_a_share",
            schema=SCHEMA,
            table="fct_loyalty_quadrants",
            severity="critical",
            description="A loyalty quadrant needs a share of wallet and a purchase rhythm.",
            action="The named customers are placed by a guess. Leave them unclassified.",
            expectation="ExpectRowsToHold",
            arguments={
                "rule": (
                    "(quadrant = 'unclassified') = (sow_t12 is null or frequency_index is null)"
                )
            },
            column="quadrant",
            sample_columns=("customer_key", "reporting_month"),
        ),
        CheckSpec(
            name="verdicts_rest_on_a_figure",
            schema=SCHEMA,
            table="rpt_claim_scoreboard",
            severity="critical",
            description="A claim is supported or contradicted only where something was measured.",
            action="A verdict without a figure is an opinion. Make it not_measurable.",
            expectation="ExpectRowsToHold",
            arguments={"rule": "verdict = 'not_measurable' or measured_value is not null"},
            column="verdict",
            sample_columns=("claim_id",),
        ),
    ]
