"""The six cards one reads first: what broke, got better, is new, was mended; who left, who may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from orchestration.report.failures import Failures
from orchestration.report.losses import Losses
from orchestration.report.outlook import Outlook
from orchestration.report.reader import Row
from orchestration.report.words import Words

_LINES = 3


@dataclass(frozen=True)
class Card:
    """A card.

    Attributes:
        title: What it is about.
        big: What it says.
        lines: Why, with numbers.
        css: worse, better, notable, or empty where there is nothing to see.
    """

    title: str
    big: str | Markup
    lines: Sequence[str | Markup] = ()
    css: str = ""


def read_cards(
    words: Words, month: Row, failures: Failures, losses: Losses, outlook: Outlook
) -> list[Card]:
    """Return the cards in the order they are read; arguments as for `steps.next_steps`."""
    return [
        _direction(words, month, failures, "worse", "▲"),
        _direction(words, month, failures, "better", "▼"),
        _new(words, month, failures),
        _fixes(words, failures),
        _left(words, month, losses),
        _risk(words, outlook),
    ]


def _direction(words: Words, month: Row, failures: Failures, direction: str, sign: str) -> Card:
    t, kinds = words.texts, failures.going(direction)
    title = f"{sign} {t[f'card_{direction}']}"
    if not failures.types:
        return Card(title, t["card_no_failures"])
    if kinds:
        lines = [
            words.say(
                "card_run_line" if kind.is_run else "card_type_line",
                rate=kind.judged.cell("rate_per_1000"),
                centre=kind.usual,
                month=kind.judged["reporting_month"],
            )
            for kind in kinds[:_LINES]
            if kind.judged is not None
        ]
        return Card(title, words.join(kind.label for kind in kinds), lines, direction)
    if len(failures.going("untold")) == len(failures.types):
        line = words.say("card_untold_line", month=month["reporting_month"])
        return Card(title, t["card_untold"], [line])
    return Card(title, t[f"card_none_{direction}"], [t["card_none_line"]])


def _new(words: Words, month: Row, failures: Failures) -> Card:
    t, first = words.texts, month["reporting_month"]
    title = f"★ {t['card_new']}"
    if not failures.types:
        return Card(title, t["card_no_failures"])
    if not month["is_closed_month"]:
        return Card(title, t["card_untold"], [words.say("card_untold_line", month=first)])
    rows = [row for row in failures.new if row["reporting_month"] == first]
    if not rows:
        return Card(title, t["card_none_new"], [words.say("card_none_new_line", month=first)])
    labels = [failures.labels[row["failure_type_key"]] for row in rows]
    lines = [
        words.say(
            "card_new_line",
            type=label,
            rule=row.cell("new_rule"),
            events=row.cell("event_count"),
            month=first,
        )
        for label, row in zip(labels[:_LINES], rows, strict=False)
    ]
    return Card(title, words.join(labels), lines, "worse")


def _fixes(words: Words, failures: Failures) -> Card:
    t = words.texts
    title = f"✓ {t['card_fixes']}"
    if not failures.fixes:
        return Card(title, t["card_none_fixes"], [t["card_none_fixes_line"]])
    named = [
        t["named"].format(name=fix.label, what=words.plain(fix.verdict["verdict"], "verdict"))
        for fix in failures.fixes
    ]
    lines = [
        words.say(
            "card_fix_line",
            type=fix.label,
            before=fix.verdict.cell("baseline_per_1000"),
            after=fix.verdict.cell("after_per_1000"),
        )
        for fix in failures.fixes[:_LINES]
    ]
    return Card(title, words.join(named), lines, "notable")


def _left(words: Words, month: Row, losses: Losses) -> Card:
    t, churn = words.texts, losses.churn
    title = f"✕ {t['card_left']}"
    if churn is None:
        return Card(title, t["card_no_data"], [t["losses_none"]])
    lost, start = churn.cell("lost_customer_count"), churn.cell("start_customer_count")
    lines: list[str | Markup] = []
    if churn["churn_rate"] is None:
        big = words.say("card_left_open", lost=lost)
        lines.append(t["card_left_open_line"])
    else:
        big = words.say("card_left_value", lost=lost, start=start)
        lines.append(
            words.say(
                "card_left_line",
                month=month["reporting_month"],
                rate=churn.cell("churn_rate"),
                low=churn.cell("churn_low_rate"),
                high=churn.cell("churn_high_rate"),
            )
        )
    known = [row for row in losses.causes if row["cause_family_code"] != "unknown"]
    if known:
        lines.append(
            words.say(
                "card_cause_line",
                cause=losses.cause_labels.get(known[0]["cause_family_code"]),
                weight=known[0].cell("episode_weight"),
                count=losses.kept.cell("episode_count") if losses.kept else None,
            )
        )
    return Card(title, big, lines, "notable" if churn["lost_customer_count"] else "")


def _risk(words: Words, outlook: Outlook) -> Card:
    t = words.texts
    title = f"! {t['card_risk']}"
    if outlook.list_month is not None and not outlook.is_latest:
        line = words.say("card_risk_old", month=outlook.list_month)
        return Card(title, t["card_no_data"], [line])
    if outlook.at_risk_count.value is None:
        return Card(title, t["card_no_data"])
    if not outlook.at_risk:
        return Card(title, t["card_risk_none"])
    big = words.say("card_risk_value", count=outlook.at_risk_count)
    lines = [
        words.say("card_risk_several", count=outlook.at_risk_several),
        words.say(f"card_risk_line.{outlook.stake}", amount=outlook.at_risk_stake),
    ]
    return Card(title, big, lines, "notable")
