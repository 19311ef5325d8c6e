"""The index of the Data Docs: the kept runs, latest first, failures before anything else.

Great Expectations' own index is filled by a script that a public server delivers; without the
internet it is empty. This one is plain HTML.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

from expectations.offline_pages import MARK, STYLE

INDEX = "index.html"
ENTRIES = "runs.json"
_TITLES = {"door": "At the door: what arrived", "window": "At the shop window: the marts"}


@dataclass(frozen=True)
class Entry:
    """One table's result in one run.

    Attributes:
        run: Name of the run.
        time: When it ran, as sortable text.
        suite: `schema.table`.
        page: Path of its page, relative to the index.
        passed: Number of checks that passed.
        failed: Descriptions of the checks that did not.
    """

    run: str
    time: str
    suite: str
    page: str
    passed: int
    failed: list[str]


def write_index(state: Path, new: Iterable[Entry], dropped: Iterable[str]) -> Path:
    """Add a run's entries, forget dropped runs, and write the page.

    Args:
        state: Folder of the pages.
        new: Entries of the run that just ended.
        dropped: Names of runs whose pages were pruned.

    Returns:
        Path of the index page.
    """
    path = state / ENTRIES
    try:
        known = [Entry(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        known = []
    gone = set(dropped)
    # A page that somebody deleted must not be linked to.
    kept = [e for e in known if e.run not in gone and (state / e.page).is_file()]
    entries = [*kept, *new]
    path.write_text(json.dumps([asdict(e) for e in entries]) + "\n", encoding="utf-8")
    index = state / INDEX
    index.write_text(render_index(entries), encoding="utf-8")
    return index


def render_index(entries: Sequence[Entry]) -> str:
    """Write the page.

    Args:
        entries: Entries of all kept runs, in any order.

    Returns:
        HTML.
    """
    runs = sorted({(e.time, e.run) for e in entries}, reverse=True)
    sections = [_run_section([e for e in entries if (e.time, e.run) == run]) for run in runs]
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
            f"<title>Checks</title>{MARK}\n{STYLE}\n</style></head><body>",
            "<h1>Checks</h1>",
            *sections,
            "</body></html>\n",
        ]
    )


def _run_section(entries: Sequence[Entry]) -> str:
    first = entries[0]
    failed = sum(len(e.failed) for e in entries)
    passed = sum(e.passed for e in entries)
    state = (
        f'<span class="text-danger">{failed} failed</span>, {passed} passed'
        if failed
        else f'<span class="text-success">all {passed} passed</span>'
    )
    rows = "\n".join(_row(e) for e in sorted(entries, key=lambda e: (not e.failed, e.suite)))
    place, _, run = first.run.partition("-")
    title = _TITLES.get(place, first.run)
    return (
        f"<h2>{escape(title)}</h2>\n<p>{escape(first.time)}, run {escape(run)}: {state}</p>\n"
        f"<table><tr><th>Table</th><th>Passed</th><th>Failed</th></tr>\n{rows}\n</table>"
    )


def _row(entry: Entry) -> str:
    failed = "<br>".join(f'<span class="text-danger">{escape(t)}</span>' for t in entry.failed)
    return (
        f'<tr><td><a href="{escape(entry.page)}">{escape(entry.suite)}</a></td>'
        f"<td>{entry.passed}</td><td>{failed}</td></tr>"
    )
