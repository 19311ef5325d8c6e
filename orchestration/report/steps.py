"""What to do next: a few steps that follow from the marts, most pressing first."""

from __future__ import annotations

from markupsafe import Markup

from orchestration.report.failures import Failures, FailureType
from orchestration.report.losses import Losses
from orchestration.report.outlook import MARGIN, REVENUE, Outlook
from orchestration.report.reader import Row
from orchestration.report.words import Words

_CALLS, _TALKS, _OVERDUE, _HARMS = 3, 2, 3, 2
_SEVERAL = 2
# Below this share the causes say more about who was asked than about why customers left.
_ENOUGH_KNOWN = 0.5


def next_steps(
    words: Words, month: Row, failures: Failures, losses: Losses, outlook: Outlook
) -> list[Markup]:
    """Return the steps as sentences.

    Args:
        words: Texts and origins.
        month: Row of the month reported.
        failures: What broke and what was mended.
        losses: Who left.
        outlook: Who is about to.
    """
    failed = [fix for fix in failures.fixes if fix.verdict["verdict"] in ("unchanged", "worse")]
    refixed = {fix.verdict["failure_type_key"] for fix in failed}
    steps = [
        _mend(words, failures, kind, kind.judged)
        for kind in failures.going("worse")
        if kind.judged is not None and kind.key not in refixed
    ]
    worse = {kind.key for kind in failures.going("worse")}
    steps += [
        words.say(
            "step_new",
            type=failures.labels[row["failure_type_key"]],
            rule=row.cell("new_rule"),
            events=row.cell("event_count"),
            month=row["reporting_month"],
        )
        for row in failures.new
        if row["reporting_month"] == month["reporting_month"]
        and row["failure_type_key"] not in worse
    ]
    steps += [
        words.say(
            "step_refix",
            type=fix.label,
            action=fix.action["action_title"] if fix.action else fix.verdict["action_key"],
            before=fix.verdict.cell("baseline_per_1000"),
            after=fix.verdict.cell("after_per_1000"),
        )
        for fix in failed
    ]
    overdue = [row for row in failures.open_actions if _is_overdue(row, month)]
    steps += [
        words.say(
            "step_overdue",
            action=row["action_title"],
            due=row.cell("due_date"),
            owner=row.cell("owner_employee_key"),
        )
        for row in overdue[:_OVERDUE]
    ]
    return (
        steps + _make_good(words, failures, losses, outlook) + _look_after(words, losses, outlook)
    )


def _mend(words: Words, failures: Failures, kind: FailureType, judged: Row) -> Markup:
    rate = {
        "type": kind.label,
        "rate": judged.cell("rate_per_1000"),
        "centre": kind.usual,
        "month": judged["reporting_month"],
    }
    for action in failures.open_actions:
        if action["failure_type_key"] == kind.key:
            title, due = action.cell("action_title"), action.cell("due_date")
            return words.say("step_finish", **rate, action=title, due=due)
    return words.say("step_find", **rate)


def _make_good(words: Words, failures: Failures, losses: Losses, outlook: Outlook) -> list[Markup]:
    # Who has had a failure of late is known as of the last month alone.
    harms = [
        row
        for row in losses.effects
        if outlook.is_latest and row["is_significant"] and row["expected_margin_loss"]
    ]
    harms.sort(key=lambda row: row["expected_margin_loss"], reverse=True)
    return [
        words.say(
            "step_effect",
            type=failures.labels.get(row["failure_type_key"], row["failure_type_key"]),
            ratio=row.cell("rate_ratio"),
            count=row.cell("affected_customer_count"),
            amount=row.cell("margin_at_stake_t12"),
        )
        for row in harms[:_HARMS]
    ]


def _look_after(words: Words, losses: Losses, outlook: Outlook) -> list[Markup]:
    steps = []
    # One reason alone, such as a bill paid late, is seldom why a customer leaves.
    for account in sorted(outlook.at_risk, key=lambda account: len(account.reasons) < _SEVERAL)[
        :_CALLS
    ]:
        # Where the cost of an account is unknown, so is its margin; its revenue is not.
        stake = MARGIN if account.row[MARGIN] is not None else REVENUE
        reasons = words.join(words.texts[f"reason.{name}"] for name in account.reasons)
        amount = account.row.cell(stake)
        steps.append(
            words.say(f"step_call.{stake}", name=account.name, amount=amount, reasons=reasons)
        )
    for account in outlook.queue[:_TALKS]:
        text = "step_ask_late" if account.row["is_overdue"] else "step_ask"
        steps.append(words.say(text, name=account.name, due=account.row.cell("due_date")))
    kept = losses.kept
    if kept and kept["episode_count"] and (kept["known_cause_share"] or 0) < _ENOUGH_KNOWN:
        steps.append(
            words.say(
                "step_causes",
                coverage=kept.cell("known_cause_share"),
                count=kept.cell("episode_count"),
            )
        )
    steps += [
        words.say(
            "step_review",
            quarter=row["detected_quarter_month"],
            held=row.cell("held_count"),
            target=row.cell("target_count"),
        )
        for row in outlook.progress
        if row["is_interim_review_overdue"]
    ]
    return steps


def _is_overdue(action: Row, month: Row) -> bool:
    due = action["due_date"]
    return due is not None and due < month["period_end_date"]
