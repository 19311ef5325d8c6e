"""One question to a release, and its answer as plain Python values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

import duckdb
from metricflow.engine.metricflow_engine import MetricFlowQueryRequest
from metricflow_semantic_interfaces.errors import ConstraintParseException, ParsingException
from metricflow_semantics.errors.error_classes import InformativeUserError

from orchestration.errors import UsageError
from orchestration.semantic.release import Release

_MISTAKES = (InformativeUserError, ConstraintParseException, ParsingException)


def answer(release: Release, **question: Any) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Compute metrics.

    Args:
        release: Release to ask.
        **question: As for `request`.

    Returns:
        Column names; rows of numbers, text, dates, booleans and None. Amounts are exact decimals.

    Raises:
        UsageError: A name is unknown, the metrics cannot be grouped so, or a condition is no SQL.
    """
    statement = sql(release, **question)
    try:
        columns, rows = release.client.rows(statement)
    except duckdb.Error as error:
        raise UsageError(str(error)) from error
    return columns, [tuple(_as_day(value) for value in row) for row in rows]


def sql(release: Release, **question: Any) -> str:
    """Return the statement that answers a question, without running it.

    Args:
        release: Release to ask.
        **question: As for `request`.

    Raises:
        UsageError: A name is unknown, or the metrics cannot be grouped so.
    """
    try:
        statement = release.engine.explain(request(**question)).sql_statement
    except _MISTAKES as error:
        raise UsageError(_message(error)) from error
    return str(statement.without_descriptions.sql)


def request(
    *,
    metrics: Sequence[str] | None = None,
    group_by: Sequence[str] | None = None,
    saved_query: str | None = None,
    where: Sequence[str] = (),
    order: Sequence[str] | None = None,
    limit: int | None = None,
    start_time: datetime | None = None,
    end_time: datetime | None = None,
) -> MetricFlowQueryRequest:
    """Put a question into MetricFlow's form.

    Args:
        metrics: Names of metrics; None with a saved query.
        group_by: Dimensions and entities, such as `metric_time__month`.
        saved_query: Name of a saved query.
        where: SQL conditions in MetricFlow's notation.
        order: Columns of the answer, with a minus in front for descending; None takes the grouping.
        limit: Rows at most.
        start_time: First day counted.
        end_time: Last day counted.
    """
    return MetricFlowQueryRequest.create(
        saved_query_name=saved_query,
        metric_names=metrics,
        group_by_names=group_by,
        where_constraints=list(where) or None,
        order_by_names=order or group_by,
        limit=limit,
        time_constraint_start=start_time,
        time_constraint_end=end_time,
    )


def _as_day(value: Any) -> Any:
    """Return the first moment of a day, which is how MetricFlow writes periods, as the day."""
    is_midnight = isinstance(value, datetime) and value.time() == time.min
    return value.date() if is_midnight else value


def _message(error: Exception) -> str:
    """What MetricFlow says, without the traces it quotes for a condition it cannot read."""
    return str(error).partition("Traceback (most recent call last)")[0].rstrip()
