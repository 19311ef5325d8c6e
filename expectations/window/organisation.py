"""Checks on what happens around customers, who serves them, and who answers for what."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.row_rules import row_checks

# Table: key.
KEYS = {
    "rpt_life_event_effect": ("event_type",),
    "rpt_lighthouse": ("customer_key",),
    "rpt_staff_customer_link": ("team", "quarter_month"),
    "rpt_staff_customer_correlation": ("lag_quarters",),
    "rpt_kpi_control": ("reporting_month", "kpi_code"),
    "rpt_appraisal": ("reporting_month", "owner_function"),
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
    (
        "rpt_lighthouse",
        "open_windows_count_nothing",
        "New customers are counted in complete windows alone, and the share follows from them.",
        "case when is_window_complete then new_customer_difference = new_after_count"
        " - new_before_count and coalesce(abs(after_share * (new_before_count + new_after_count)"
        " - new_after_count) < 0.000001, new_before_count + new_after_count = 0)"
        " else new_before_count is null and new_after_count is null and after_share is null end",
    ),
    (
        "rpt_staff_customer_link",
        "no_more_leave_than_were_there",
        "No more people or customers leave than were there, and open quarters have no rates.",
        "staff_left_count <= staff_start_count"
        " and customer_lost_count + customer_closed_count <= customer_start_count"
        " and coalesce(key_account_lost_count <= key_account_start_count, true)"
        " and coalesce(key_account_start_count <= customer_start_count, true)"
        " and (is_closed_quarter"
        " or (staff_retention_rate is null and customer_retention_rate is null))",
    ),
    (
        "rpt_staff_customer_correlation",
        "correlation_inside_its_interval",
        "A correlation lies in its interval, and in no case beyond one.",
        "coalesce(abs(correlation) <= 1.000001, true)"
        " and coalesce(correlation between correlation_low and correlation_high, true)",
    ),
    (
        "rpt_kpi_control",
        "verdicts_follow_from_targets",
        "A target is met where the value is the target or better, and nothing is met unknown.",
        "case when actual_value is null or target_value is null then is_met is null"
        " else is_met = (case when is_higher_better then actual_value >= target_value"
        " else actual_value <= target_value end) end",
    ),
    (
        "rpt_appraisal",
        "met_are_known",
        "No more targets are met than known, and those of key accounts are among them.",
        "met_count <= known_count and known_count <= kpi_count"
        " and key_account_met_count <= met_count",
    ),
)


def checks() -> list[CheckSpec]:
    """List the checks on events around customers and on the company's own people.

    Returns:
        Rules on single rows.
    """
    return row_checks(RULES, KEYS)
