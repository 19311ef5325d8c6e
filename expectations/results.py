"""Outcomes made from Great Expectations' results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from expectations.checks import CheckSpec
from expectations.outcomes import Outcome

SAMPLE_ROWS = 20
KEPT_METRICS = ("element_count", "unexpected_count", "unexpected_percent", "observed_value")


def outcome_of(check: CheckSpec, result: Any, file_names: Mapping[int, str], docs: str) -> Outcome:
    """Make an outcome of one expectation's result.

    Args:
        check: The check that was tested.
        result: Great Expectations' result for it.
        file_names: Names of extract files by their id, to make sample rows readable.
        docs: Page that shows the result.

    Returns:
        The outcome; failed and critical where the expectation raised.
    """
    error = error_of(result)
    passed = bool(result.success) and error is None
    details = result.result or {}
    metrics = {} if passed else {k: details[k] for k in KEPT_METRICS if details.get(k) is not None}
    if "unexpected_count" not in metrics and "unexpected_rows" in (details.get("details") or {}):
        metrics["unexpected_count"] = metrics.pop("observed_value", None)
    return Outcome(
        check=check.name,
        schema=check.schema,
        table=check.table,
        expectation=result.expectation_config.type,
        column=check.column,
        severity="critical" if error else check.severity,
        passed=passed,
        error=error,
        description=check.description,
        action=check.action,
        metrics=metrics,
        sample=[] if passed else _sample(details, file_names),
        docs=docs,
    )


def could_not_run(check: CheckSpec, error: Exception | str) -> Outcome:
    """Make the outcome of a check that never reached an expectation.

    Args:
        check: The check.
        error: What went wrong.

    Returns:
        A failed, critical outcome.
    """
    return Outcome(
        check=check.name,
        schema=check.schema,
        table=check.table,
        expectation=check.expectation,
        column=check.column,
        severity="critical",
        passed=False,
        error=str(error),
        description=check.description,
        action=check.action,
    )


def error_of(result: Any) -> str | None:
    """Find what an expectation raised. It never reaches the caller as an exception.

    Args:
        result: Great Expectations' result, whose `exception_info` is one flat mapping or one
            mapping per metric.

    Returns:
        The messages, or None where nothing was raised.
    """
    info = result.exception_info or {}
    entries = [info] if "raised_exception" in info else list(info.values())
    raised = [e for e in entries if isinstance(e, Mapping) and e.get("raised_exception")]
    if not raised:
        return None
    messages = dict.fromkeys(_first_line(e.get("exception_message")) for e in raised)
    return "; ".join(messages)


def _first_line(message: Any) -> str:
    lines = [line.strip() for line in str(message or "").splitlines() if line.strip()]
    return lines[0] if lines else "the expectation raised an exception without a message"


def _sample(details: Mapping[str, Any], file_names: Mapping[int, str]) -> list[dict[str, Any]]:
    rows = (details.get("details") or {}).get("unexpected_rows")
    rows = rows or details.get("partial_unexpected_index_list") or []
    return [_readable(row, file_names) for row in rows[:SAMPLE_ROWS]]


def _readable(row: Mapping[str, Any], file_names: Mapping[int, str]) -> dict[str, Any]:
    readable = dict(row)
    file_id = readable.get("load_file_id")
    if isinstance(file_id, int) and file_id in file_names:
        return {"file_name": file_names[file_id], **readable}
    return readable
