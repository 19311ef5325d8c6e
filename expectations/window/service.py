"""Checks on service: cases handled in order, complaints that add up, one voice an account."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.row_rules import row_checks

# Table: key.
KEYS = {
    "fct_cases": ("case_id",),
    "rpt_complaint_sla": ("reporting_month", "scheme", "customer_class"),
    "rpt_complaint_backlog": ("reporting_month", "scheme", "customer_class"),
    "rpt_complaint_defection": ("handling",),
    "fct_survey_answers": ("invite_id", "question"),
    "rpt_satisfaction_month": ("reporting_month", "question", "cut", "cut_value"),
    "rpt_satisfied_defectors": ("reporting_month",),
    "fct_touchpoints": ("activity_id",),
    "rpt_touchpoint_stage_month": ("reporting_month", "lifecycle_stage"),
    "rpt_data_coverage": ("reporting_month", "input"),
    "rpt_case_month": ("reporting_month", "case_type"),
    "rpt_touchpoint_sentiment": ("reporting_month", "activity_type"),
    "rpt_service_response": ("cut", "cut_value"),
    "rpt_service_mode_effect": ("customer_class", "service_mode"),
}
# Table, name, what it says, rule.
RULES = (
    (
        "rpt_touchpoint_sentiment",
        "liked_and_disliked_are_rated",
        "No contact is liked or disliked that nobody rated, and no more are lost than followed.",
        "satisfied_count + dissatisfied_count <= rated_count and rated_count <= touchpoint_count"
        " and coalesce(dissatisfied_lost_count <= dissatisfied_followed_count, true)",
    ),
    (
        "rpt_case_month",
        "open_months_have_no_rate",
        "No more cases are answered than were received, and open months have no rates.",
        "answered_count + merged_count <= received_count and (is_closed_month"
        " or (answered_share is null and fulfil_rate is null and adoption_rate is null))",
    ),
    (
        "rpt_service_response",
        "judged_are_cases",
        "No more cases are judged than came, and none comes on site where nobody was timed.",
        "answer_judged_count <= case_count and prompt_judged_count <= case_count"
        " and (median_site_minutes is null) = (site_in_time_judged_count = 0)",
    ),
    (
        "rpt_service_mode_effect",
        "compared_are_among_the_followed",
        "Those compared are among those followed, and the ratio lies in its interval.",
        "matched_customer_month_count <= customer_month_count and matched_lost_count <= lost_count"
        " and (rate_ratio is null or rate_ratio between rate_ratio_low and rate_ratio_high)",
    ),
    (
        "fct_cases",
        "open_and_merged_are_not_resolved",
        "A case that is open or was taken over has no resolution, and no other lasted longer than"
        " anybody has looked.",
        "case when handling_status in ('open', 'merged') then resolution_minutes is null"
        " else resolution_minutes <= followed_minutes end",
    ),
    (
        "fct_cases",
        "received_before_it_is_handled",
        "No case is answered or solved before it comes, and it counts in the month it came in.",
        "received_at <= coalesce(first_response_at, received_at)"
        " and received_at <= coalesce(ended_at, received_at)"
        " and reporting_month = cast(date_trunc('month', received_at) as date)",
    ),
    (
        "rpt_complaint_sla",
        "every_complaint_has_one_status",
        "Merged, open, resolved and closed unsolved are all complaints, and open months have no"
        " rate.",
        "complaint_count = merged_count + open_count + resolved_count + closed_unsolved_count"
        " and (is_closed_month or resolution_in_time_rate is null)",
    ),
    (
        "rpt_complaint_sla",
        "late_is_not_before_the_median",
        "The slow end of complaints is not faster than their middle.",
        "late_resolution_minutes is null or late_resolution_minutes >= median_resolution_minutes",
    ),
    (
        "rpt_complaint_sla",
        "first_solvings_known_are_of_complaints_handled",
        "No more first solvings are known than complaints were handled here.",
        "first_resolution_known_count <= complaint_count - merged_count",
    ),
    (
        "rpt_complaint_backlog",
        "start_and_received_less_ended_is_the_end",
        "What was open, plus what came, less what ended, is what is open.",
        "start_open_count + received_count - ended_count = end_open_count"
        " and old_open_count <= end_open_count",
    ),
    (
        "rpt_complaint_defection",
        "ratio_inside_its_interval",
        "The ratio of losses to those expected lies in its interval.",
        "rate_ratio is null or rate_ratio between rate_ratio_low and rate_ratio_high",
    ),
    (
        "fct_survey_answers",
        "votes_are_answers",
        "Only an answer votes, and only on the five levels.",
        "case when is_answered then level between 1 and 5 else level is null and not is_vote end",
    ),
    (
        "rpt_satisfaction_month",
        "neutral_is_in_the_denominator",
        "All five levels together are all that answered, and none else.",
        "answered_count = level_5_count + level_4_count + level_3_count + level_2_count"
        " + level_1_count and answered_count <= invited_count",
    ),
    (
        "rpt_satisfaction_month",
        "few_answers_have_no_rate",
        "Where few answered, or the month is open, counts are shown and no rate.",
        "not is_suppressed or (satisfied_rate is null and weighted_satisfied_rate is null)",
    ),
    (
        "rpt_satisfied_defectors",
        "satisfied_were_asked",
        "Whoever said it was satisfied was asked, and whoever was asked was lost.",
        "satisfied_count <= asked_count and asked_count <= lost_customer_count",
    ),
    (
        "fct_touchpoints",
        "held_means_it_happened",
        "A contact was held when it happened, and only what was held is a word between people.",
        "is_held = (happened_at is not null) and (is_held or not (is_human or is_repeat))",
    ),
    (
        "rpt_touchpoint_stage_month",
        "rate_follows_from_counts",
        "Contacts by time in the stage lie in their interval, and plans held are plans.",
        "planned_held_count <= planned_count and human_count <= touchpoint_count"
        " and (human_per_customer_month is null or human_per_customer_month"
        " between human_low_per_customer_month and human_high_per_customer_month)",
    ),
    (
        "rpt_data_coverage",
        "known_is_a_part",
        "What is known is a part of what is needed, by customers and by revenue.",
        "known_count <= customer_count"
        " and coalesce(known_net_revenue_t12 <= net_revenue_t12, true)",
    ),
)


def checks() -> list[CheckSpec]:
    """List the checks on cases, complaints, satisfaction and contacts.

    Returns:
        Rules on single rows.
    """
    return row_checks(RULES, KEYS)
