"""Words and numbers of the report, in English or Chinese.

A number is written out together with its origin, which the page carries in attributes and the
appendix lists; a value nobody knows is a word, never a zero.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from orchestration.report.reader import Cell, Row
from orchestration.yaml_file import read_yaml

LANGUAGES = ("en", "zh")
_TEXTS = Path(__file__).with_name("texts")
_SMALL_P = 0.001
_FEW = 10
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True)
class Origin:
    """A row of a mart that the page names.

    Attributes:
        number: Its number in the appendix.
        mart: The mart.
        key_json: Values of its key by column, as JSON for programs.
        key: The same for people.
        columns: Columns the page shows of it.
    """

    number: int
    mart: str
    key_json: str
    key: str
    columns: str


class Words:
    """Texts of one language, and every origin named with them so far.

    Args:
        language: en or zh.
    """

    def __init__(self, language: str) -> None:
        """Read the texts of the language."""
        self.language = language
        self.texts: Mapping[str, str] = read_yaml(_TEXTS / f"{language}.yml")
        self._origins: dict[tuple[str, str], int] = {}
        self._keys: dict[int, str] = {}
        self._columns: dict[int, list[str]] = {}

    def month(self, value: date) -> str:
        """Return a month as people write it."""
        if self.language == "zh":
            return f"{value.year}年{value.month}月"
        return f"{_MONTHS[value.month - 1]} {value.year}"

    def months(self, values: Iterable[date]) -> str:
        """Return months in one line."""
        return self.join(map(self.month, values))

    def plain(self, value: Any, kind: str = "text") -> str:
        """Return a value as text.

        Args:
            value: The value; None gives the word for unknown.
            kind: count, share, rate, ratio, weight, money, p, month, date, text, or the name of a
                vocabulary among the texts, whose words stand for codes.
        """
        if value is None:
            return self.texts["unknown"]
        if kind == "month":
            return self.month(value)
        if kind in _FORMATS:
            return _FORMATS[kind](value)
        return str(self.texts.get(f"{kind}.{value}", value))

    def number(self, cell: Cell, kind: str = "text", shown: str | None = None) -> Markup:
        """Return a cell with its origin in attributes.

        Args:
            cell: The cell.
            kind: How it is written, as for `plain`.
            shown: Text in place of the value, such as a label in place of a code.
        """
        number = self._note(cell.mart, cell.key, cell.column)
        text = self.plain(cell.value, kind) if shown is None else shown
        css = "n" if cell.value is not None else "n unknown"
        return Markup(
            '<data class="{}" value="{}" data-row="r{}" data-column="{}" title="{}">{}</data>'
        ).format(
            css,
            "" if cell.value is None else _exact(cell.value),
            number,
            cell.column,
            f"{cell.mart} [{_key_text(cell.key)}] {cell.column}",
            text,
        )

    def say(self, text_key: str, **parts: Any) -> Markup:
        """Return a sentence with its numbers filled in, and references to their rows at its end.

        Args:
            text_key: Name of the text; its places may carry a kind: `{lost:count}`.
            **parts: Cells, marked-up text, or plain values for the places.
        """
        shown = {name: _Part(self, part) for name, part in parts.items()}
        sentence = Markup(_format(self.texts[text_key], shown))
        numbers = dict.fromkeys(
            self._note(part.mart, part.key, part.column)
            for part in parts.values()
            if isinstance(part, Cell)
        )
        return sentence + self._links(list(numbers))

    def join(self, labels: Iterable[str]) -> str:
        """Return names in one line."""
        return ("、" if self.language == "zh" else ", ").join(labels)

    def refs(self, *rows: Row | Cell | None) -> Markup:
        """Return links to the appendix for rows of marts."""
        numbers = dict.fromkeys(self._note(row.mart, row.key, None) for row in rows if row)
        return self._links(list(numbers))

    def origins(self) -> list[Origin]:
        """Return every row named so far, in the order of their numbers."""
        return [
            Origin(number, mart, self._keys[number], key, ", ".join(self._columns[number]))
            for (mart, key), number in self._origins.items()
        ]

    def _note(self, mart: str, key: Mapping[str, Any], column: str | None) -> int:
        number = self._origins.setdefault((mart, _key_text(key)), len(self._origins) + 1)
        self._keys.setdefault(number, _key_json(key))
        columns = self._columns.setdefault(number, [])
        if column is not None and column not in columns:
            columns.append(column)
        return number

    @staticmethod
    def _links(numbers: list[int]) -> Markup:
        links = [Markup('<a href="#r{0}">{0}</a>').format(number) for number in numbers]
        return (
            Markup('<sup class="r">{}</sup>').format(Markup(" ").join(links)) if links else Markup()
        )


class _Part:
    """A part of a sentence that is written out where the sentence asks for it."""

    def __init__(self, words: Words, value: Any) -> None:
        self._words, self._value = words, value

    def __format__(self, kind: str) -> str:
        if isinstance(self._value, Cell):
            return str(self._words.number(self._value, kind or "text"))
        # A bare date is a month of the report; days come as cells of their own kind.
        usual = "month" if isinstance(self._value, date) else "text"
        return str(escape(self._words.plain(self._value, kind or usual)))

    def __html__(self) -> str:
        return format(self)


def _format(text: str, parts: Mapping[str, _Part]) -> str:
    return str(escape(text)).format(**parts)


def _exact(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _key_json(key: Mapping[str, Any]) -> str:
    exact = {name: None if value is None else _exact(value) for name, value in key.items()}
    return json.dumps(exact, ensure_ascii=False)


def _key_text(key: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_exact(value)}" for name, value in key.items())


def _count(value: Any) -> str:
    return f"{int(value):,}"


def _share(value: Any) -> str:
    percent = float(value) * 100
    return f"{percent:.1f}%" if 0 < abs(percent) < _FEW else f"{percent:.0f}%"


def _rate(value: Any) -> str:
    return f"{float(value):.1f}"


def _ratio(value: Any) -> str:
    return f"{float(value):.1f}×"


def _weight(value: Any) -> str:
    return f"{float(value):.1f}".removesuffix(".0")


def _money(value: Any) -> str:
    return f"{Decimal(str(value)):,.0f}"


def _p(value: Any) -> str:
    return f"{float(value):.3f}" if float(value) >= _SMALL_P else "<0.001"


_FORMATS: Mapping[str, Callable[[Any], str]] = {
    "count": _count,
    "share": _share,
    "rate": _rate,
    "ratio": _ratio,
    "weight": _weight,
    "money": _money,
    "p": _p,
    "date": str,
    "text": str,
}
