"""Make the editions of a board: another language, and a layout a phone can show.

A board is a parsed YAML mapping; nothing here reads or writes a file. dbt Charts has no language
parameter and scales a desk's layout down to a phone's width, where nobody could read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

# Keys whose text people read; every other string is a name, a code or SQL.
PROSE = frozenset(
    ["title", "subtitle", "text", "label", "message", "x_label", "y_label", "default", "empty"]
)
# Keys of our own, which dbt Charts does not know: columns a phone hides, words for no rows.
PHONE_HIDDEN = "phone_hidden"
EMPTY = "empty"
# Queries that find what was chosen.
CHOSEN = "chosen_"
UNKNOWN = "Not known."
NOTHING = "Nothing to show for this choice."
_PAIR = 2
_LANGUAGE_COLUMN = re.compile(r"\b(\w+)_en\b")
_FIGURE = re.compile(r"\{\{.*?\}\}")
_WORD = re.compile(r"[A-Za-z]")
_LINK = re.compile(r"(?<=\]\()/(?!/)")


@dataclass(frozen=True)
class Edition:
    """One way to show the boards.

    Attributes:
        language: en or zh.
        is_phone: Whether the layout is for a narrow screen.
    """

    language: str
    is_phone: bool

    @property
    def prefix(self) -> str:
        """Folder of the edition's boards and start of its addresses: empty, or as zh/phone/."""
        parts = ["zh"] * (self.language == "zh") + ["phone"] * self.is_phone
        return "".join(f"{part}/" for part in parts)


EDITIONS = tuple(Edition(language, phone) for language in ("en", "zh") for phone in (False, True))


class MissingTranslationError(KeyError):
    """A text of a board has no translation."""


def edit(board: Mapping[str, Any], edition: Edition, words: Mapping[str, str]) -> dict[str, Any]:
    """Return a board as an edition shows it.

    Args:
        board: Board as written, in English and for a desk.
        edition: Language and layout.
        words: Translations by English text; unused for English.

    Raises:
        MissingTranslationError: A text has no translation.
    """
    edited = deepcopy(dict(board))
    if edition.is_phone and "rows" in edited:
        _narrow(edited)
    _say_when_empty(edited)
    for chart in (edited.get("charts") or {}).values():
        chart.pop(PHONE_HIDDEN, None)
        chart.pop(EMPTY, None)
    return _rewrite(edited, edition, words)


def prose(node: Any, key: str = "") -> Iterator[str]:
    """Yield every text of a board that people read, without those that queries alone fill."""
    if isinstance(node, Mapping):
        for name, value in node.items():
            yield from prose(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from prose(value, key)
    elif key in PROSE and isinstance(node, str) and _has_words(node):
        yield node.strip()


def _rewrite(node: Any, edition: Edition, words: Mapping[str, str], key: str = "") -> Any:
    if isinstance(node, Mapping):
        return {name: _rewrite(value, edition, words, name) for name, value in node.items()}
    if isinstance(node, list):
        return [_rewrite(value, edition, words, key) for value in node]
    return _rewrite_text(node, edition, words, key) if isinstance(node, str) else node


def _rewrite_text(text: str, edition: Edition, words: Mapping[str, str], key: str) -> str:
    is_chinese = edition.language == "zh"
    if key in PROSE:
        text = text.strip()
        if is_chinese and _has_words(text):
            if text not in words:
                raise MissingTranslationError(text)
            text = words[text]
        return _LINK.sub(f"/{edition.prefix}", text)
    if key in {"link", "header_link"} and text.startswith("/"):
        return f"/{edition.prefix}{text[1:]}"
    # What a choice is known by stays: its word in either language.
    if is_chinese and not key.startswith(CHOSEN):
        return _LANGUAGE_COLUMN.sub(r"\1_zh", text)
    return text


def _has_words(text: str) -> bool:
    return _WORD.search(_FIGURE.sub("", text)) is not None


def _say_when_empty(board: dict[str, Any]) -> None:
    """Put beside every chart a line of words that takes its place where it has no rows."""
    charts = board.get("charts") or {}
    queries = board.get("queries") or {}
    guarded = {}
    for name, chart in list(charts.items()):
        if chart["type"] == "callout":
            continue
        figure = chart["type"] == "kpi"
        counted = chart["value"] if figure else "*"
        probe = f"{name}__rows"
        queries[probe] = (
            f"select count({counted}) > 0 as has_rows, count({counted}) = 0 as has_none"
            f" from {{{{ queries.{chart['query']} }}}}"
        )
        note = f"{name}__empty"
        charts[note] = {
            "type": "callout",
            "message": chart.get(EMPTY, UNKNOWN if figure else NOTHING),
            "style": {"tone": "info"},
        }
        heading = chart.get("label" if figure else "title")
        if heading:
            charts[note]["title"] = heading
        chart["visible"] = {"query": probe, "column": "has_rows"}
        guarded[name] = [name, {"visible": {"query": probe, "column": "has_none"}, "rows": [note]}]
    _replace_items(board, guarded)


def _replace_items(node: Any, replacements: Mapping[str, list[Any]]) -> None:
    """Put each chart and its words where the chart stood; hidden rows leave no gap."""
    for key in ("rows", "cols"):
        items = node.get(key)
        if items is None:
            continue
        placed: list[Any] = []
        for item in items:
            if not isinstance(item, str):
                _replace_items(item, replacements)
                placed.append(item)
            elif item not in replacements:
                placed.append(item)
            elif key == "rows":
                placed += deepcopy(replacements[item])
            else:
                placed.append({"rows": deepcopy(replacements[item])})
        node[key] = placed


def _narrow(board: dict[str, Any]) -> None:
    """Stack what stands side by side, single figures by twos; hide a table's lesser columns."""
    charts = board.get("charts") or {}
    for chart in charts.values():
        for column in chart.get(PHONE_HIDDEN, ()):
            columns = chart.setdefault("style", {}).setdefault("columns", {})
            columns.setdefault(column, {})["visible"] = False
    board["rows"] = [row for item in board["rows"] for row in _stacked(item, charts)]


def _stacked(item: Any, charts: Mapping[str, Any]) -> list[Any]:
    if isinstance(item, str):
        return [item]
    if "cols" not in item:
        if "rows" in item:
            return [item | {"rows": [row for one in item["rows"] for row in _stacked(one, charts)]}]
        return [item]
    cols = item["cols"]
    if all(isinstance(col, str) and charts[col]["type"] == "kpi" for col in cols):
        rows: list[Any] = [
            {"cols": cols[start : start + _PAIR]} for start in range(0, len(cols), _PAIR)
        ]
    else:
        rows = [row for col in cols for row in _stacked(_without_width(col), charts)]
    kept = {name: value for name, value in item.items() if name != "cols"}
    return [kept | {"rows": rows}] if kept else rows


def _without_width(item: Any) -> Any:
    if isinstance(item, str):
        return item
    return {name: value for name, value in item.items() if name != "width"}
