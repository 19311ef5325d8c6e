"""What a file's name says: the period it covers and which delivery of that period it is.

Grammar, without the extension: ``[label]PERIOD[revision...]`` or ``label[revision...]``. PERIOD is
``YYYY-MM``, ``YYYYMM``, ``YYYY-MM-DD`` or ``YYYYMMDD``; revision marks are ``corrected``, ``v2``,
``r2`` and ``delivered-YYYY-MM-DD``; marks are separated by ``.``, ``_`` or ``-``. Anything else
after the period is refused: a mark nobody understands must not quietly replace a month.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath

from orchestration.loading.errors import FileProblem

SUFFIXES = (".csv.gz", ".txt.gz", ".tsv.gz", ".csv", ".txt", ".tsv", ".parquet", ".xlsx")
"""File name endings the loader reads."""

_PERIOD = re.compile(
    r"(?<!\d)(?<!delivered-)(\d{4})-?(0[1-9]|1[0-2])(?:-?(0[1-9]|[12]\d|3[01]))?(?!\d)"
)
_DELIVERED = re.compile(r"delivered-(\d{4}-\d{2}-\d{2})")
_NUMBERED = re.compile(r"[vr](\d{1,4})")
_SEPARATORS = "._ -"
_CORRECTED = 2


@dataclass(frozen=True)
class FileName:
    """A parsed file name.

    Attributes:
        label: Text before the period or the revision marks.
        period_start: First day covered, or None where the name has no period.
        period_end: First day after the period, or None.
        version: 1 for a first delivery, 2 for ``corrected`` or ``v2``, and so on.
        delivered_on: Day of delivery named, or None.
    """

    label: str
    period_start: date | None
    period_end: date | None
    version: int
    delivered_on: date | None

    @property
    def revision(self) -> str:
        """Revision in sortable text, empty for a first delivery without marks."""
        if self.version == 1 and self.delivered_on is None:
            return ""
        day = f".{self.delivered_on:%Y-%m-%d}" if self.delivered_on else ""
        return f"r{self.version:04d}{day}"


def parse_file_name(path: str) -> FileName:
    """Parse a file name.

    Args:
        path: Path or name of the file.

    Raises:
        FileProblem: If the name has marks after its period that mean nothing, or a day that does
            not exist.
    """
    name = PurePosixPath(path).name
    suffix = next((end for end in SUFFIXES if name.lower().endswith(end)), "")
    stem = name[: len(name) - len(suffix)]
    match = _PERIOD.search(stem)
    if match is None:
        found = _DELIVERED.search(stem)
        label = stem[: found.start()] if found else stem
        marks = stem[len(label) :]
        version, delivered_on = _revision(marks, name)
        tail = re.search(r"[._-](corrected|[vr]\d{1,4})$", label.rstrip(_SEPARATORS))
        if tail:
            version, _ = _revision(tail[1], name)
            label = label[: tail.start()]
        return FileName(label.strip(_SEPARATORS), None, None, version, delivered_on)
    try:
        start, end = _period(int(match[1]), int(match[2]), match[3])
    except ValueError as error:
        raise FileProblem(f"{name}: {match[0]} is not a date. Correct the file name.") from error
    version, delivered_on = _revision(stem[match.end() :], name)
    return FileName(stem[: match.start()].strip(_SEPARATORS), start, end, version, delivered_on)


def is_later(one: FileName, other: FileName) -> bool | None:
    """Tell whether ``one`` is a later delivery of a period than ``other``.

    Returns:
        True or False where the names decide it, None where they do not.
    """
    days = (one.delivered_on, other.delivered_on)
    by_day: int | None = None
    if days[0] and days[1]:
        by_day = (days[0] > days[1]) - (days[0] < days[1])
    by_version = (one.version > other.version) - (one.version < other.version)
    if by_day is None:
        # A first delivery without marks precedes everything else.
        if by_version == 0 and one.version == 1 and (days[0] or days[1]):
            return bool(days[0])
        return None if by_version == 0 else by_version > 0
    if by_version and by_day and by_version != by_day:
        return None
    decided = by_day or by_version
    return None if decided == 0 else decided > 0


def _period(year: int, month: int, day: str | None) -> tuple[date, date]:
    if day:
        start = date(year, month, int(day))
        return start, start + timedelta(days=1)
    days = calendar.monthrange(year, month)[1]
    return date(year, month, 1), date(year, month, days) + timedelta(days=1)


def _revision(marks: str, name: str) -> tuple[int, date | None]:
    delivered_on = None
    found = _DELIVERED.search(marks)
    if found:
        try:
            delivered_on = date.fromisoformat(found[1])
        except ValueError as error:
            raise FileProblem(
                f"{name}: {found[1]} is not a date. Correct the file name."
            ) from error
        marks = marks[: found.start()] + marks[found.end() :]
    version = 1
    for mark in filter(None, re.split(f"[{_SEPARATORS}]", marks)):
        numbered = _NUMBERED.fullmatch(mark.lower())
        if numbered:
            version = max(version, int(numbered[1]))
        elif mark.lower() == "corrected":
            version = max(version, _CORRECTED)
        else:
            raise FileProblem(
                f"{name}: {mark!r} after the period is not understood. Write the revision as "
                "corrected, v2, r2 or delivered-YYYY-MM-DD, and other words before the period."
            )
    return version, delivered_on
