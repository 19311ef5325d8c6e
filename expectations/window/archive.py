"""Checks on the key-account archive and on what is done for key accounts."""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.window.row_rules import row_checks

# Table: key.
KEYS = {
    "fct_archive_changes": ("account_id", "field_code", "known_on_date"),
    "fct_account_events": ("event_id",),
    "rpt_archive_month": ("customer_key", "reporting_month", "archive_group"),
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
)


def checks() -> list[CheckSpec]:
    """List the checks on the archive and on key accounts.

    Returns:
        Rules on single rows.
    """
    return row_checks(RULES, KEYS)
