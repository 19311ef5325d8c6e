"""Checks on the failure analysis: every failure once, in its own month, with dates in order."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.row_rules import row_checks

# Table: key.
KEYS = {
    "fct_failures": ("failure_key",),
    "rpt_failure_frequency_month": ("failure_type_key", "reporting_month", "cut", "cut_value"),
    "rpt_failure_verdict": ("failure_type_key", "reporting_month"),
    "rpt_action_effect": ("action_key", "target_kind"),
    "rpt_failure_defection_effect": ("failure_type_key",),
    "rpt_interview_queue": ("customer_key", "episode_no"),
    "rpt_investigation_coverage": ("detected_month", "defection_type"),
    "rpt_investigation_progress": ("detected_quarter_month",),
    "rpt_failure_program_health": ("reporting_month",),
}
# Table, name, what it says, rule.
RULES = (
    (
        "fct_failures",
        "reported_after_it_happened",
        "No failure is known before it happens, and it counts in the month it happened in.",
        "occurred_at <= reported_at"
        " and reporting_month = cast(date_trunc('month', occurred_at) as date)",
    ),
    (
        "fct_failures",
        "books_are_silent",
        "What was found in our books alone has no case, and what has a case somebody noticed.",
        "coalesce(detected_by, 'nobody') <> 'books' or (case_id is null and not is_complaint)",
    ),
    (
        "rpt_failure_frequency_month",
        "rate_follows_from_counts",
        "The rate is events by exposure, unknown for an open month, and inside its interval.",
        "case when is_closed_month and exposure_count > 0"
        " then abs(rate_per_1000 - 1000.0 * event_count / exposure_count) < 0.000001"
        " and rate_per_1000 between low_per_1000 and high_per_1000"
        " else rate_per_1000 is null and signal_rule is null end",
    ),
    (
        "rpt_failure_frequency_month",
        "limits_hold_the_centre",
        "Control limits lie around the centre and never below zero.",
        "centre_per_1000 is null or (lower_limit_per_1000 >= 0"
        " and centre_per_1000 between lower_limit_per_1000 and upper_limit_per_1000)",
    ),
    (
        "rpt_failure_verdict",
        "baseline_precedes_the_action",
        "The old state ends before the action, and the new one begins after it.",
        "case when verdict is null then action_key is null"
        " else (baseline_to_month is null or baseline_to_month < action_done_date)"
        " and (after_from_month is null or after_from_month >= action_done_date) end",
    ),
    (
        "rpt_failure_verdict",
        "solved_is_proved",
        "What is called solved or improved happens less than before, and not by chance.",
        "case when verdict in ('solved', 'improved')"
        " then lower_p_value < 0.5 and after_per_1000 < baseline_per_1000"
        " when verdict = 'worse' then upper_p_value < 0.5 and after_per_1000 > baseline_per_1000"
        " else true end",
    ),
    (
        "rpt_failure_verdict",
        "new_problems_have_a_rule",
        "A new problem says by which rule, and only a new problem has one.",
        "is_new = (new_rule is not null)",
    ),
    (
        "rpt_action_effect",
        "effect_follows_the_action",
        "An effect has an action done; the old state ends before it, and the new one begins after.",
        "case when verdict is null then effect_month is null else is_done"
        " and coalesce(baseline_to_month < least(decided_date, done_date), true)"
        " and coalesce(after_from_month >= done_date, true) end",
    ),
    (
        "rpt_action_effect",
        "ratio_follows_from_counts",
        "The ratio is the new rate by the old one, and lies in its interval.",
        "rate_ratio is null or (abs(rate_ratio * baseline_per_1000 - after_per_1000) < 0.000001"
        " and rate_ratio between rate_ratio_low and coalesce(rate_ratio_high, rate_ratio))",
    ),
    (
        "rpt_failure_defection_effect",
        "ratio_inside_its_interval",
        "The ratio lies in its interval, and testing many types makes none surer.",
        "(rate_ratio is null or rate_ratio between rate_ratio_low and rate_ratio_high)"
        " and (p_value is null or q_value >= p_value - 0.000001)",
    ),
    (
        "rpt_interview_queue",
        "nobody_asked_waits",
        "Places in the queue count from one, and whoever was talked to is no longer in it.",
        "queue_place >= 1 and coalesce(interview_status, 'not_asked') <> 'held'",
    ),
    (
        "rpt_investigation_coverage",
        "every_target_has_one_outcome",
        "Held, refused, unreachable, no-show, scheduled and not asked are all who should be asked.",
        "target_count = held_count + refused_count + unreachable_count + no_show_count"
        " + scheduled_count + not_asked_count and target_count <= eligible_count",
    ),
    (
        "rpt_investigation_progress",
        "interim_review_is_due_or_overdue",
        "An interim review is due, overdue or held, and nobody is asked who is no target.",
        "held_count <= target_count and not (is_interim_review_due and is_interim_review_overdue)"
        " and (interim_review_date is null"
        " or not (is_interim_review_due or is_interim_review_overdue))",
    ),
    (
        "rpt_failure_program_health",
        "complete_means_nothing_is_open",
        "A complete month has no open step, and no more months are complete than have passed.",
        "(not is_cycle_complete or overdue_step_count = 0)"
        " and complete_cycle_count <= elapsed_month_count",
    ),
)


def checks() -> list[CheckSpec]:
    """List the checks on failures, their frequencies and verdicts.

    Returns:
        Rules on single rows.
    """
    return row_checks(RULES, KEYS)
