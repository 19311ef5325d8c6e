"""Checks on the key-account archive and on what is done for key accounts."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.row_rules import row_checks

# Table: key.
KEYS = {
    "fct_archive_changes": ("account_id", "field_code", "known_on_date"),
    "fct_account_events": ("event_id",),
    "rpt_archive_month": ("customer_key", "reporting_month", "archive_group"),
    "rpt_key_account_month": ("customer_key", "reporting_month"),
    "rpt_key_account_standards": ("reporting_month", "standard"),
    "rpt_care_gap": ("moment", "cut", "cut_value"),
    "rpt_owed_care_month": ("reporting_month", "care_kind", "customer_group"),
    "rpt_word_of_mouth": ("reporting_month",),
}
# Table, name, what it says, rule.
RULES = (
    (
        "fct_archive_changes",
        "personal_fields_have_no_value",
        "The log says that a telephone number, an address, a birthday or a name changed, never what"
        " it is.",
        "field_code not in ('contact_phone', 'contact_email', 'contact_birthday', 'contact_name')"
        " or (old_value is null and new_value is null)",
    ),
    (
        "fct_account_events",
        "answered_events_have_a_day",
        "An event is answered on a day, and counts in the month it happened in.",
        "is_answered = (responded_date is not null)"
        " and reporting_month = cast(date_trunc('month', happened_date) as date)",
    ),
    (
        "rpt_archive_month",
        "complete_means_all_filled",
        "A record is complete when every required field is filled; a month reviewed is a month"
        " updated.",
        "coalesce(is_complete = (filled_count = required_count), not is_known)"
        " and agreed_count <= verified_count and timely_count <= dated_count"
        " and not (review_count > 0 and coalesce(not is_updated_in_month, false))",
    ),
    (
        "rpt_key_account_month",
        "all_four_are_judged_together",
        "All four guarantees are judged where all four are known, and never where one is not.",
        "(are_all_four_kept is not null) = (known_guarantee_count = 4)"
        " and coalesce(are_all_four_kept = (is_product_kept and is_service_kept"
        " and is_logistics_kept and is_value_kept), true)"
        " and (is_closed_month or known_guarantee_count = 0)",
    ),
    (
        "rpt_owed_care_month",
        "done_was_due",
        "What was done was owed, what nobody knows is not done, and open months have no rate.",
        "coalesce(done_count, 0) <= known_count and known_count <= due_count"
        " and (is_closed_month or done_rate is null)",
    ),
    (
        "rpt_key_account_standards",
        "kept_are_known",
        "A standard is kept for key accounts of which it is known, and open months have no rate.",
        "kept_count <= known_count and known_count <= key_account_count"
        " and (is_closed_month or kept_rate is null)",
    ),
    (
        "rpt_care_gap",
        "gaps_are_of_the_lost",
        "Who had a gap in care was lost, and the ratio to the living lies in its interval.",
        "gap_count <= lost_count and contacted_count <= lost_count"
        " and coalesce(rate_ratio between rate_ratio_low and rate_ratio_high, true)",
    ),
    (
        "rpt_word_of_mouth",
        "won_deals_are_decided",
        "A deal won is decided, a deal decided was opened, and who referred it is one of those.",
        "coalesce(won_deal_count <= decided_deal_count and decided_deal_count <= deal_count"
        " and satisfied_referrer_count <= referrer_count and referrer_count <= deal_count, true)",
    ),
)


def checks() -> list[CheckSpec]:
    """List the checks on the archive and on key accounts.

    Returns:
        Rules on single rows.
    """
    return row_checks(RULES, KEYS)
