"""Checks on what happens around customers: events in their lives, who is won, who serves them."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.row_rules import row_checks

# Table: key.
KEYS = {
    "rpt_life_event_effect": ("event_type",),
}
# Table, name, what it says, rule.
RULES = (
    (
        "rpt_life_event_effect",
        "followed_are_lost_closed_or_there",
        "No more are lost or closed than followed, and the ratio lies in its interval.",
        "coalesce(lost_count + closed_count, 0) <= exposed_count and exposed_count <= event_count"
        " and (rate_ratio is null or rate_ratio between rate_ratio_low and rate_ratio_high)",
    ),
)


def checks() -> list[CheckSpec]:
    """List the checks on events around customers and on the company's own people.

    Returns:
        Rules on single rows.
    """
    return row_checks(RULES, KEYS)
