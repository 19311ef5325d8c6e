"""Checks on tenure, win-backs, the revenue bridge and contribution: parts that fit together."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.marts import SCHEMA
from expectations.window.row_rules import REBUILD, row_checks

# Table: key.
KEYS = {
    "rpt_tenure_survival": ("scheme", "class_code", "tenure_months"),
    "rpt_winback": ("defection_month",),
    "rpt_winback_by_class": ("scheme", "customer_class", "defection_month"),
    "rpt_repeat_share": ("reporting_month",),
    "fct_second_lifetimes": ("customer_key", "lifetime_no"),
    "fct_collections": ("customer_key", "reporting_month"),
    "rpt_revenue_bridge": ("reporting_month",),
    "fct_contributions": ("customer_key", "reporting_month"),
    "rpt_segment_profit": ("reporting_month", "segment_kind", "segment_name"),
    "rpt_new_vs_existing_economics": ("reporting_month",),
    "rpt_service_level_fit": ("reporting_month", "scheme", "class_code"),
    "rpt_purchase_profile": ("customer_key",),
}
# Table, name, what it says, rule.
RULES = (
    (
        "rpt_tenure_survival",
        "leavers_were_at_risk",
        "Nobody is lost or censored who was not at risk.",
        "lost_count + censored_count <= at_risk_count",
    ),
    (
        "rpt_tenure_survival",
        "rate_inside_its_interval",
        "Where the interval is known the survival lies in it, and it is known after a loss.",
        "case when survival_rate > 0 and survival_rate < 1"
        " then survival_rate between survival_low_rate and survival_high_rate"
        " else survival_low_rate is null and survival_high_rate is null end",
    ),
    (
        "fct_collections",
        "open_months_have_no_days",
        "Amount-days and days of sales are told of months that are over, and of all of them.",
        "(outstanding_amount_days is not null) = is_closed_month"
        " and (overdue_amount_days is not null) = is_closed_month"
        " and (is_closed_month or sales_outstanding_days_t12 is null)",
    ),
    (
        "rpt_winback",
        "counts_add_up",
        "Closed and eligible are all episodes; attributed, organic and unknown are all win-backs.",
        "episode_count = closed_count + eligible_count"
        " and won_back_count = attributed_count + organic_count + unknown_origin_count",
    ),
    (
        "rpt_winback",
        "immature_months_have_no_rate",
        "No rate is shown while a loss of the month still has time.",
        "is_mature or (win_back_rate is null and attributed_rate is null and organic_rate is null)",
    ),
    (
        "rpt_winback_by_class",
        "counts_add_up",
        "Closed and eligible are all episodes; attributed, organic and unknown are all win-backs.",
        "episode_count = closed_count + eligible_count"
        " and won_back_count = attributed_count + organic_count + unknown_origin_count"
        " and (is_mature or win_back_rate is null)",
    ),
    (
        "fct_second_lifetimes",
        "ends_after_it_begins",
        "A lifetime ends after it begins, and one that runs has no end.",
        "is_running = (lost_date is null) and (lost_date is null or started_date < lost_date)",
    ),
    (
        "rpt_revenue_bridge",
        "same_customers_add_up",
        "start + contraction + churn + expansion = end, by price and volume, to the cent.",
        "start_amount is null or start_amount + contraction_price_amount"
        " + contraction_volume_amount + churn_amount + expansion_price_amount"
        " + expansion_volume_amount = end_amount",
    ),
    (
        "rpt_revenue_bridge",
        "all_revenue_adds_up",
        "With new and returned customers, credits and the currency the bridge ends at all revenue.",
        "start_amount is null or start_reported_amount + (end_amount - start_amount) + new_amount"
        " + split_amount + returned_amount + credit_change_amount + currency_effect_amount"
        " = end_reported_amount",
    ),
    (
        "fct_contributions",
        "parts_add_up",
        "Contribution is margin less cost to serve less bad debt, as far as they are known.",
        "contribution_t12_amount is null or contribution_t12_amount = margin_t12_amount"
        " - coalesce(cost_to_serve_t12_amount, 0) - coalesce(bad_debt_t12_amount, 0)",
    ),
    (
        "fct_contributions",
        "residual_value_only_where_valid",
        "A residual value is shown where its model is valid, and nowhere else.",
        "(clv_residual_amount is not null) = (clv_status = 'valid')",
    ),
    (
        "rpt_segment_profit",
        "profit_is_contribution_less_programmes",
        "Profit is contribution less the segment's part of the programmes.",
        "profit_t12_amount is null or profit_t12_amount"
        " = contribution_t12_amount - coalesce(programme_t12_amount, 0)",
    ),
    (
        "rpt_purchase_profile",
        "next_order_follows_the_last",
        "The next order is expected after the last one.",
        "next_expected_date is null or next_expected_date > last_purchase_date",
    ),
)
# Table, rate, numerator, denominator.
SHARES = (
    ("rpt_winback", "win_back_rate", "won_back_count", "eligible_count"),
    ("rpt_winback_by_class", "win_back_rate", "won_back_count", "eligible_count"),
    ("rpt_repeat_share", "repeat_order_share", "repeat_order_count", "order_count"),
)
# Table: ratios that wait for the month to close.
OPEN = {
    "rpt_revenue_bridge": ["net_retention_ratio", "price_ratio", "volume_ratio"],
    "rpt_segment_profit": ["profit_ratio"],
    "rpt_service_level_fit": ["customer_share", "margin_ratio"],
    "rpt_new_vs_existing_economics": ["existing_margin_ratio", "acquisition_to_upkeep_ratio"],
}


def checks() -> list[CheckSpec]:
    """List the checks on survival, win-backs, repeat business, the bridge and contributions.

    Returns:
        Rules on single rows, rates from their counts, and open months.
    """
    return [
        *row_checks(RULES, KEYS, "The columns of {table} do not count the same customers."),
        *(
            CheckSpec(
                name=f"{rate}_follows_from_counts",
                schema=SCHEMA,
                table=table,
                severity="critical",
                description=f"{rate} is {numerator} / {denominator}.",
                action=f"The shown counts do not give the shown rate. {REBUILD}",
                expectation="ExpectShareOfCounts",
                arguments={"rate": rate, "numerator": numerator, "denominator": denominator},
                column=rate,
                sample_columns=KEYS[table],
            )
            for table, rate, numerator, denominator in SHARES
        ),
        CheckSpec(
            name="open_months_have_no_share",
            schema=SCHEMA,
            table="rpt_repeat_share",
            severity="critical",
            description="No month that the ledger has not passed shows a repeat share.",
            action="Make the shares NULL where is_closed_month is false.",
            expectation="ExpectOpenPeriodsToBeUnknown",
            arguments={"columns": ["repeat_order_share", "repeat_revenue_share"]},
            sample_columns=KEYS["rpt_repeat_share"],
        ),
        *(
            CheckSpec(
                name="open_months_have_no_ratio",
                schema=SCHEMA,
                table=table,
                severity="critical",
                description="No month that the ledger has not passed shows a ratio.",
                action="Make the ratios NULL where is_closed_month is false.",
                expectation="ExpectOpenPeriodsToBeUnknown",
                arguments={"columns": columns},
                sample_columns=KEYS[table],
            )
            for table, columns in OPEN.items()
        ),
    ]
