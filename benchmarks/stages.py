"""What each stage of a run took, from samples of the whole run and the times in its record."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sampler import Sample

# The stages that are told apart, in the order of a run.
STAGES = ("load", "door", "dbt", "window", "publish")
REST = "rest"


def attribute(
    samples: Sequence[Sample], spans: Sequence[Mapping[str, Any]], wall: float, cpu: float
) -> dict[str, dict[str, float]]:
    """Return what each stage took, and under `rest` what happened outside them.

    Args:
        samples: Samples of the whole command, oldest first.
        spans: The record's: stage, started_at (ISO, with a time zone) and seconds.
        wall: Seconds the whole command took.
        cpu: Processor seconds of the whole command.

    Returns:
        By stage: `wall` and `cpu` in seconds, `peak` memory and `disk` in MB of 10^6 bytes. Memory
        is the largest seen while the stage was under way, or the nearest look at a stage shorter
        than the time between two; disk likewise. Stages that did not happen are absent; `disk` is
        where no folder was watched.
    """
    found: dict[str, dict[str, float]] = {}
    known = [span for span in spans if span["stage"] in STAGES]
    for span in known:
        start = datetime.fromisoformat(span["started_at"]).timestamp()
        end = start + span["seconds"]
        taken = found.setdefault(span["stage"], {"wall": 0.0, "cpu": 0.0, "peak": 0.0})
        taken["wall"] += span["seconds"]
        taken["cpu"] += cpu_at(samples, end) - cpu_at(samples, start)
        _raise_peaks(taken, samples, start, end)
    if found:
        rest = {
            "wall": max(0.0, wall - sum(taken["wall"] for taken in found.values())),
            "cpu": max(0.0, cpu - sum(taken["cpu"] for taken in found.values())),
            "peak": 0.0,
        }
        for start, end in _gaps(samples, known):
            _raise_peaks(rest, samples, start, end)
        found[REST] = rest
    return {
        stage: {name: round(value, 2) for name, value in found[stage].items()}
        for stage in (*STAGES, REST)
        if stage in found
    }


def cpu_at(samples: Sequence[Sample], moment: float) -> float:
    """Return the processor seconds taken until a moment, on a straight line between two looks.

    Args:
        samples: Samples, oldest first.
        moment: Seconds since 1970; before the first sample nothing was taken, after the last all.
    """
    place = bisect_left(samples, moment, key=lambda sample: sample.at)
    if place == len(samples):
        return samples[-1].cpu if samples else 0.0
    after = samples[place]
    if place == 0:
        return after.cpu if after.at == moment else 0.0
    before = samples[place - 1]
    share = (moment - before.at) / (after.at - before.at)
    return before.cpu + share * (after.cpu - before.cpu)


def _raise_peaks(
    taken: dict[str, float], samples: Sequence[Sample], start: float, end: float
) -> None:
    looked = [sample for sample in samples if sample.disk is not None]
    for name, seen in (("peak", samples), ("disk", looked)):
        within = [sample for sample in seen if start <= sample.at <= end]
        if not within and seen:
            within = [min(seen, key=lambda sample: abs(sample.at - end))]
        values = [sample.disk if name == "disk" else sample.memory for sample in within]
        if values:
            taken[name] = max(taken.get(name, 0.0), max(value or 0 for value in values) / 1e6)


def _gaps(
    samples: Sequence[Sample], spans: Sequence[Mapping[str, Any]]
) -> list[tuple[float, float]]:
    """Return the times in which no stage was under way and at least one look was taken."""
    edges = [float("-inf")]
    for span in sorted(spans, key=lambda span: str(span["started_at"])):
        start = datetime.fromisoformat(span["started_at"]).timestamp()
        edges += [start, start + span["seconds"]]
    edges.append(float("inf"))
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return [
        (start, end) for start, end in gaps if any(start < sample.at < end for sample in samples)
    ]
