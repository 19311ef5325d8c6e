"""Puts the page together: what was read, the charts of it, the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from orchestration.report import charts
from orchestration.report.cards import read_cards
from orchestration.report.failures import Failures, FailureType, Fix, read_failures
from orchestration.report.losses import Losses, read_losses
from orchestration.report.outlook import Outlook, read_outlook
from orchestration.report.reader import Reader, Row
from orchestration.report.steps import next_steps
from orchestration.report.words import Words

_SHOWN_RESTATED = 40
_PERCENT = 100


@dataclass(frozen=True)
class Bar:
    """A bar of a chart.

    Attributes:
        label: What it stands for.
        percent: Its length of the longest.
        value: The number beside it, with its origin.
        css: How it is filled.
    """

    label: str
    percent: float
    value: Markup
    css: str = ""


def render(reader: Reader, month: Row | None, language: str) -> str:
    """Return the report of a month as one HTML page.

    Args:
        reader: The release.
        month: Row of the month; None for a release without months.
        language: en or zh.
    """
    words = Words(language)
    context: dict[str, Any] = {
        "words": words,
        "t": words.texts,
        "manifest": reader.manifest,
        "month": month,
        "restated": _restated(reader.manifest),
    }
    if month is not None:
        context |= _sections(reader, month, words)
    return _environment().get_template("report.html").render(context)


@cache
def _environment() -> Environment:
    """Return the templates, which both languages share: to compile them takes half the time."""
    return Environment(
        loader=PackageLoader("orchestration.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _sections(reader: Reader, month: Row, words: Words) -> dict[str, Any]:
    label = f"label_{words.language}"
    failures = read_failures(reader, month, label)
    losses = read_losses(reader, month, label)
    outlook = read_outlook(reader, month)
    return {
        "marts": reader.marts,
        "has_crm": bool(failures.types or failures.open_actions or outlook.progress),
        "failures": failures,
        "losses": losses,
        "outlook": outlook,
        "inputs": reader.rows(
            "rpt_data_coverage", "reporting_month = ?", [month["reporting_month"]]
        ),
        "cards": read_cards(words, month, failures, losses, outlook),
        "steps": next_steps(words, month, failures, losses, outlook),
        "type_charts": {kind.key: _type_chart(words, kind) for kind in failures.types},
        "fix_charts": [_fix_chart(words, fix) for fix in failures.fixes],
        "churn_chart": _churn_chart(words, losses.months),
        "cause_bars": _cause_bars(words, losses),
        "kept_bars": _kept_bars(words, losses.kept),
        "effect_charts": [_effect_chart(words, failures, row) for row in losses.effects],
        "has_sure_effect": any(row["is_significant"] for row in losses.effects),
        "risk_bars": _risk_bars(words, outlook),
    }


def _type_chart(words: Words, kind: FailureType) -> Markup:
    points = []
    for row in kind.months:
        rule = row["signal_rule"] or ""
        mark = "up" if rule.endswith("above") or rule == "above_limit" else "down" if rule else ""
        points.append(
            charts.Point(
                label=words.month(row["reporting_month"]),
                value=row["rate_per_1000"],
                low=row["lower_limit_per_1000"],
                high=row["upper_limit_per_1000"],
                centre=row["centre_per_1000"],
                mark=mark if row["is_mature"] else "hollow",
            )
        )
    return charts.series(points, f"{kind.label}: {words.texts['legend']}")


def _churn_chart(words: Words, months: Sequence[Row]) -> Markup:
    points = [
        charts.Point(
            label=words.month(row["reporting_month"]),
            value=row["churn_rate"],
            low=row["churn_low_rate"],
            high=row["churn_high_rate"],
        )
        for row in months
    ]
    return charts.series(points, words.texts["churn_chart"], percent=True)


def _fix_chart(words: Words, fix: Fix) -> Markup:
    row = fix.verdict
    before = row["baseline_per_1000"]
    after = charts.Point(
        label=fix.label,
        value=row["after_per_1000"],
        low=row["after_low_per_1000"],
        high=row["after_high_per_1000"],
    )
    if before is None or after.value is None:
        return Markup("")
    summary = f"{fix.label}: {words.plain(row['verdict'], 'verdict')}"
    return charts.before_after(before, after, summary, str(row["verdict"]))


def _effect_chart(words: Words, failures: Failures, row: Row) -> Markup:
    if row["rate_ratio"] is None:
        return Markup("")
    label = failures.labels.get(row["failure_type_key"], row["failure_type_key"])
    return charts.ratio(
        row["rate_ratio"],
        row["rate_ratio_low"],
        row["rate_ratio_high"],
        f"{label}: {words.plain(row['rate_ratio'], 'ratio')}",
        "sure" if row["is_significant"] else "unsure",
    )


def _cause_bars(words: Words, losses: Losses) -> list[Bar]:
    longest = max((row["episode_weight"] for row in losses.causes), default=0) or 1
    return [
        Bar(
            label=losses.cause_labels.get(row["cause_family_code"], row["cause_family_code"]),
            percent=row["episode_weight"] / longest * _PERCENT,
            value=words.number(row.cell("episode_weight"), "weight") + words.refs(row),
            css=row["controllability"],
        )
        for row in losses.causes
    ]


def _kept_bars(words: Words, kept: Row | None) -> list[Bar]:
    if kept is None or not kept["episode_count"]:
        return []
    return [
        Bar(
            label=words.texts[f"control.{name}"],
            percent=kept[f"{name}_weight"] / kept["episode_count"] * _PERCENT,
            value=words.number(kept.cell(f"{name}_weight"), "weight"),
            css=name,
        )
        for name in ("controllable", "uncontrollable", "unknown")
    ]


def _risk_bars(words: Words, outlook: Outlook) -> list[Bar]:
    amounts = [float(account.row[outlook.stake] or 0) for account in outlook.at_risk]
    longest = max([*amounts, 0.0]) or 1.0
    return [
        Bar(
            label=account.name,
            percent=max(amount, 0.0) / longest * _PERCENT,
            value=words.number(account.row.cell(outlook.stake), "money"),
        )
        for account, amount in zip(outlook.at_risk, amounts, strict=True)
    ]


def _restated(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the manifest says of figures that changed, or why it says nothing."""
    found = dict(manifest.get("restatements") or {})
    found["months"] = [date.fromisoformat(f"{month}-01") for month in found.get("months", ())]
    return {"shown": list(found.get("changes", ()))[:_SHOWN_RESTATED], **found}
