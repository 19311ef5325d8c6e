"""Runs months once more, each up to its end, and ends with the newest.

By all that is known now; or, where asked to, by what had come when the month could first be
reported, so that a month comes out as the run at its end had it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from orchestration.errors import UsageError
from orchestration.runs.pipeline import Request, run_pipeline
from orchestration.runs.record import Listener, RunRecord

_YEAR = 12


def months_between(first: str, last: str) -> list[str]:
    """Return the months from one to another, both included, as YYYY-MM.

    Raises:
        UsageError: The first is after the last.
    """
    if first > last:
        raise UsageError(f"{first} is after {last}: name the earlier month with --from.")
    start, end = (int(month[:4]) * _YEAR + int(month[5:]) - 1 for month in (first, last))
    return [f"{month // _YEAR:04d}-{month % _YEAR + 1:02d}" for month in range(start, end + 1)]


def backfill(
    request: Request,
    first: str,
    last: str,
    listener: Listener,
    run: Callable[[Request, Listener], RunRecord] = run_pipeline,
) -> Iterator[tuple[str | None, RunRecord]]:
    """Run each month of a range, then the newest, so that readers end where they began.

    A month that fails ends the range: later ones would most likely fail for the same reason. What
    was published for the months before it stays, and the newest is run all the same, by all that
    is known.

    Args:
        request: What to run; its month is replaced.
        first: First month, YYYY-MM.
        last: Last month.
        listener: Told what is going on.
        run: Runs one request.

    Yields:
        Each month with its record; None for the newest.
    """
    for month in months_between(first, last):
        record = run(replace(request, as_of=month), listener)
        yield month, record
        if record.status == "failed":
            break
    yield None, run(replace(request, as_of=None, as_known=False), listener)
