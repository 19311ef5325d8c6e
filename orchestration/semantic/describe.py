"""What can be asked: metrics and saved queries, as text for a terminal."""

from __future__ import annotations

from typing import Any

from orchestration.errors import UsageError
from orchestration.semantic.release import Release


def everything(release: Release) -> str:
    """Return a line for every metric and saved query, with labels in both languages.

    Args:
        release: Release to ask.
    """
    metrics = sorted(release.engine.list_metrics(), key=lambda metric: metric.name)
    queries = sorted(release.engine.list_saved_queries(), key=lambda query: query.name)
    names = [metric.name for metric in metrics] + [query.name for query in queries]
    width = max(len(name) for name in names)
    lines = ["Metrics"]
    lines += [f"  {metric.name:<{width}}  {_labels(metric)}" for metric in metrics]
    lines += ["Saved queries"]
    lines += [f"  {query.name:<{width}}  {query.description or ''}" for query in queries]
    return "\n".join(line.rstrip() for line in lines)


def one(release: Release, name: str) -> str:
    """Return what a metric means, which column of the marts it equals and what it is grouped by.

    Args:
        release: Release to ask.
        name: Name of the metric.

    Raises:
        UsageError: There is no such metric.
    """
    metric = next((metric for metric in release.engine.list_metrics() if metric.name == name), None)
    if metric is None:
        raise UsageError(f"There is no metric '{name}'; `kaw metrics list` shows all.")
    groups = sorted({dimension.granularity_free_dunder_name for dimension in metric.dimensions})
    return "\n".join(
        [
            _labels(metric),
            " ".join((metric.description or "").split()),
            f"Same as: {_meta(metric).get('mart', 'no column of a mart')}",
            "Group by:",
            *(f"  {group}" for group in groups),
        ]
    )


def _meta(metric: Any) -> dict[str, Any]:
    return dict(metric.config.meta) if metric.config else {}


def _labels(metric: Any) -> str:
    return " · ".join(part for part in (metric.label, _meta(metric).get("label_zh")) if part)
