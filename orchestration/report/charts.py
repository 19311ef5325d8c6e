"""Charts as SVG inside the page: no script, no font, no request.

Drawn 320 units wide, so that on a phone as on paper the letters keep their size. Meaning never
rests on colour alone: what is worse points up, what is better down, what is not yet known is
hollow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 320, 130
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 8, 8, 20
_ROW_HEIGHT = 26
_ROUND_STEPS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
# A band far above what ever happened, of a month with little exposure, is cut off at this height.
_BAND_OVER = 2.5


@dataclass(frozen=True)
class Point:
    """A month of a series.

    Attributes:
        label: Month in words.
        value: Height; None where it is not known.
        low: Lower end of the band, or None.
        high: Upper end.
        centre: Usual value, or None.
        mark: up, down, hollow or empty.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    centre: float | None = None
    mark: str = ""


def round_up(value: float) -> float:
    """Return the next round number at or above a value, to end an axis with."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in _ROUND_STEPS if step * power >= value * (1 - 1e-12))


def series(points: Sequence[Point], summary: str, *, percent: bool = False) -> Markup:
    """Return a line over months with its band, usual value and marks.

    Args:
        points: Months in order.
        summary: What the chart says, for whoever cannot see it.
        percent: Whether values are shares.
    """
    highest = max((end for p in points for end in (p.value, p.centre) if end), default=0.0)
    band_end = max((point.high for point in points if point.high is not None), default=0.0)
    top = round_up(max(highest, min(band_end, highest * _BAND_OVER or band_end)))
    wide = WIDTH - _LEFT - _RIGHT
    step = wide / max(len(points) - 1, 1)

    def x(index: int) -> float:
        return _LEFT + index * step

    def y(value: float) -> float:
        return _TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - min(value / top, 1))

    parts = [
        _line(_LEFT, y(0), WIDTH - _RIGHT, y(0), "axis"),
        _line(_LEFT, y(top), WIDTH - _RIGHT, y(top), "grid"),
        _text(_LEFT - 4, y(top) + 4, _tick(top, percent), "end"),
        _text(_LEFT - 4, y(0) + 4, "0", "end"),
    ]
    if points:
        parts.append(_text(_LEFT, HEIGHT - 4, points[0].label, "start"))
        parts.append(_text(WIDTH - _RIGHT, HEIGHT - 4, points[-1].label, "end"))
    for run in _runs([point.high is not None for point in points]):
        band = [(x(i), y(points[i].high or 0)) for i in run]
        band += [(x(i), y(points[i].low or 0)) for i in reversed(run)]
        parts.append(Markup('<polygon class="band" points="{}"/>').format(_path(band)))
    for run in _runs([point.centre is not None for point in points]):
        usual = [(x(i), y(points[i].centre or 0)) for i in run]
        parts.append(Markup('<polyline class="centre" points="{}"/>').format(_path(usual)))
    for run in _runs([point.value is not None for point in points]):
        line = [(x(i), y(points[i].value or 0)) for i in run]
        parts.append(Markup('<polyline class="line" points="{}"/>').format(_path(line)))
    for index, point in enumerate(points):
        if point.value is not None:
            parts.append(_mark(x(index), y(point.value), point))
    return _svg(HEIGHT, summary, parts)


def before_after(before: float, after: Point, summary: str, verdict: str) -> Markup:
    """Return the rate before a fix and after it, with the interval of the latter."""
    value, low, high = after.value or 0.0, after.low or 0.0, after.high or 0.0
    top = round_up(max(before, high))

    def x(value: float) -> float:
        return 8 + (WIDTH - 16) * value / top

    middle, height = 14, 44
    parts = [
        _line(8, height - 16, WIDTH - 8, height - 16, "axis"),
        _text(8, height - 3, "0", "start"),
        _text(WIDTH - 8, height - 3, _tick(top, percent=False), "end"),
        _line(x(low), middle, x(high), middle, f"whisker {verdict}"),
        Markup('<rect class="before" x="{:.1f}" y="{}" width="3" height="20"/>').format(
            x(before) - 1.5, middle - 10
        ),
        Markup('<circle class="after {}" cx="{:.1f}" cy="{}" r="5.5"/>').format(
            verdict, x(value), middle
        ),
    ]
    return _svg(height, summary, parts)


def ratio(value: float, low: float | None, high: float | None, summary: str, css: str) -> Markup:
    """Return a ratio with its interval, on a scale where twice and half lie equally far from 1."""
    span = math.log(16)

    def x(number: float) -> float:
        held = min(max(math.log(max(number, 1e-9)), -span), span)
        return 8 + (WIDTH - 16) * (held + span) / (2 * span)

    middle = _ROW_HEIGHT / 2
    parts = [_line(x(1), 1, x(1), _ROW_HEIGHT - 1, "one")]
    if low is not None and high is not None:
        parts.append(_line(x(low), middle, x(high), middle, f"whisker {css}"))
    parts.append(
        Markup('<circle class="after {}" cx="{:.1f}" cy="{}" r="5"/>').format(css, x(value), middle)
    )
    return _svg(_ROW_HEIGHT, summary, parts)


def _svg(height: float, summary: str, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>{}</svg>'
    ).format(WIDTH, height, summary, summary, Markup("").join(parts))


def _line(x1: float, y1: float, x2: float, y2: float, css: str) -> Markup:
    return Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(
        css, x1, y1, x2, y2
    )


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        x, y, anchor, text
    )


def _mark(x: float, y: float, point: Point) -> Markup:
    if point.mark in ("up", "down"):
        tip = -6 if point.mark == "up" else 6
        corners = _path([(x, y + tip), (x - 5, y - tip * 0.6), (x + 5, y - tip * 0.6)])
        return Markup('<polygon class="mark {}" points="{}"/>').format(point.mark, corners)
    return Markup('<circle class="dot {}" cx="{:.1f}" cy="{:.1f}" r="{}"/>').format(
        point.mark, x, y, 3.2 if point.mark == "hollow" else 1.8
    )


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)


def _runs(known: Sequence[bool]) -> list[list[int]]:
    """Return stretches of known months, so that no line is drawn over what is not known."""
    runs: list[list[int]] = [[]]
    for index, is_known in enumerate(known):
        if is_known:
            runs[-1].append(index)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _tick(value: float, percent: bool) -> str:
    return f"{value * 100:g}%" if percent else f"{value:g}"
