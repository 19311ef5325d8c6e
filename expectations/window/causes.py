"""Checks on why customers left: causes shared out once, and bounds that hold the share."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.row_rules import row_checks

WINDOW = ("reporting_month", "horizon", "cut", "cut_value", "defection_type")
# Table: key.
KEYS = {
    "bridge_defection_causes": ("customer_key", "episode_no", "cause_key"),
    "fct_interviews": ("review_id",),
    "fct_prescreens": ("review_id",),
    "rpt_cause_pareto": (*WINDOW, "cause_family_code"),
    "rpt_defection_controllability": WINDOW,
}
# Table, name, what it says, rule.
RULES = (
    (
        "bridge_defection_causes",
        "weights_are_parts",
        "A cause explains some part of an episode and never more than all of it.",
        "weight >= 0 and weight <= 1.000001 and (stated_by is not null or cause_rank = 1)",
    ),
    (
        "fct_interviews",
        "only_what_was_held_was_in_time",
        "A talk that was not held was neither in time nor late.",
        "outcome = 'held' or is_in_time is null",
    ),
    (
        "fct_prescreens",
        "difference_is_said_less_known",
        "How long a customer says it bought is compared with what the books say.",
        "coalesce(tenure_difference_months = declared_tenure_months - known_tenure_months,"
        " declared_tenure_months is null or known_tenure_months is null)",
    ),
    (
        "rpt_cause_pareto",
        "open_months_have_no_share",
        "No month that the ledger has not passed shows shares.",
        "is_closed_month or (episode_share is null and cumulative_episode_share is null)",
    ),
    (
        "rpt_defection_controllability",
        "adds_up",
        "Controllable, uncontrollable and unknown episodes are all episodes.",
        "abs(controllable_weight + uncontrollable_weight + unknown_weight - episode_count)"
        " < 0.00001",
    ),
    (
        "rpt_defection_controllability",
        "share_within_its_bounds",
        "What is known of the controllable share lies within what can be.",
        "controllable_share is null or controllable_share between"
        " controllable_low_share - 0.000001 and controllable_high_share + 0.000001",
    ),
)


def checks() -> list[CheckSpec]:
    """List the checks on causes of defection.

    Returns:
        Rules on single rows.
    """
    return row_checks(RULES, KEYS)
