"""Let dbt Charts work out each look once, not anew for every part of every page.

It resolves the whole style of a page for each nested part. Ours differ in three ways at most, and
that was half the time of a page. What a page looks like is not decided here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

_KEPT = 64


def remember_styles() -> None:
    """Keep resolved styles by value, as dbt Charts does itself for parts without any of their own.

    The pinned version has the function this wraps; the test in tests/unit goes red with another.
    """
    from dbt_charts.core.compile.normalize import dispatch  # noqa: PLC0415 - takes seconds

    resolve = dispatch.resolve_style_and_context
    if not hasattr(resolve, "remembers"):
        dispatch.resolve_style_and_context = remembered(resolve)


def remembered(resolve: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that answers a question it has answered before from memory."""
    # The base is kept with its answer: its id could be another's once it is gone.
    answers: dict[tuple[Any, ...], tuple[Any, Any]] = {}
    lock = threading.Lock()

    def ask(base: Any, patch: Any = None, **scope: Any) -> Any:
        if patch is None:
            return resolve(base, patch, **scope)
        named = sorted((name, repr(value)) for name, value in scope.items())
        key = (id(base), patch.model_dump_json(exclude_unset=True), *named)
        with lock:
            known = answers.get(key)
        if known is None:
            known = (base, resolve(base, patch, **scope))
            with lock:
                if len(answers) >= _KEPT:
                    answers.clear()
                answers[key] = known
        return known[1]

    ask.remembers = True  # type: ignore[attr-defined]
    return ask
