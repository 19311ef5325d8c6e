"""The page docs/benchmarks.md, made of kept results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from results import BUSY, Result, of_kind
from stages import REST, STAGES

HEAD = """# Benchmarks

Made by `python benchmarks/plot.py` from the results in
[benchmarks/results](../benchmarks/results); write nothing here by hand. `make bench` measures and
makes it again; [benchmarks/README.md](../benchmarks/README.md) says how, how long it takes and what
disk it needs. Older figures, and what was learned from them, are in
[two-cores.md](../benchmarks/results/two-cores.md).

The floor is bare DuckDB that reads the same files into typed tables and sums them by customer and
month, one statement each. Whoever loads all of them cannot be faster, so a run's time divided by
the floor's is the price of everything it promises. A ratio is always between steps on one machine,
one after the other, on the same files. Times are of the whole command and all that it starts.
Memory is resident, summed over its processes; disk is the most its folder held, the extracts
included where that is a home; both in MB of 10^6 bytes."""
NOTHING = "No results are kept yet: `make bench` measures, and makes this page again."
PLOT = (
    "![Seconds by invoice lines, and by stage as lines and customers grow](images/benchmarks.svg)"
)
TOOLS = {
    "floor": "the floor, bare DuckDB",
    "dlt": "the load with dlt",
    "pandas": "five headline figures in pandas",
    "spark": "five headline figures in Spark, on this machine",
    "first": "`kaw run`, everything",
}
CURVES = {
    "curve-lines": "As the ledger grows, with as many customers",
    "curve-customers": "As customers grow, with as long a ledger",
}


def build_page(results: Sequence[Result]) -> str:
    """Return the text of the page.

    Args:
        results: Kept results, in the order they are to stand in.
    """
    blocks = [HEAD]
    if not results:
        return "\n\n".join([*blocks, NOTHING]) + "\n"
    blocks += [PLOT, *_machines(results)]
    plain = [result for result in results if result.kind not in CURVES]
    if plain:
        blocks += ["## A run, against the floor", "\n".join(ratios(plain))]
        blocks += [
            "Checks are the door, the window and dbt's tests. The first run of a sample leaves out "
            "its last month, which\na second run then adds; the floor and the lines are those of "
            "all months.",
            "## What others take for a part of it",
            "The load alone with dlt; five headline figures in pandas and in Spark, which correct, "
            "convert, check, keep\nand publish nothing.",
            "\n".join(instead(plain)),
            "## By stage",
            "\n".join(stages(plain)),
        ]
    for kind, title in CURVES.items():
        if points := list(of_kind(list(results), kind)):
            blocks += [f"## {title}", "\n".join(curve(points))]
    return "\n\n".join(blocks) + "\n"


def ratios(results: Sequence[Result]) -> Iterator[str]:
    """Yield the table of ratios, one company a row."""
    yield from _head(
        "company",
        "million lines",
        "customers",
        "floor s",
        "first run s",
        "first run ÷ floor",
        "the same, cpu",
        "s per million lines",
        "month ÷ first run",
        "checks' share",
    )
    for result in results:
        yield _line(
            result.title + _mark(result, ("floor", "first", "month")),
            _number(result.lines and result.lines / 1e6, 2),
            _number(result.customers),
            _number(result.wall("floor"), 1),
            _number(result.wall("first"), 1),
            _number(result.over_floor("first"), 1),
            _number(result.over_floor("first", "cpu_seconds"), 1),
            _number(result.per_million_lines("first"), 0),
            _number(result.month_share, 2),
            _percent(result.check_share),
        )


def instead(results: Sequence[Result]) -> Iterator[str]:
    """Yield the table of what others take, one tool and company a row."""
    yield from _head(
        "company", "what", "wall s", "÷ floor", "cpu s", "peak MB", "disk MB", "our load ÷ it"
    )
    for result in results:
        for kind, title in TOOLS.items():
            if row := result.rows.get(kind):
                yield _line(
                    result.title,
                    title + _mark(result, (kind,)),
                    _number(row["wall_seconds"], 1),
                    _number(result.over_floor(kind), 1),
                    _number(row["cpu_seconds"], 1),
                    _number(row["peak_tree_mb"]),
                    _number(row["disk_mb"]),
                    _number(result.load_over(kind), 1) if kind in ("floor", "dlt") else "",
                )
            elif kind in result.failed:
                ended = f"did not finish (status {result.failed[kind]})"
                yield _line(result.title, title, ended, *[""] * 5)


def stages(results: Sequence[Result]) -> Iterator[str]:
    """Yield the table of stages: those of the first run and of the month added."""
    yield from _head("company", "run", "stage", "wall s", "share", "cpu s", "peak MB", "disk MB")
    for result in results:
        for kind in ("first", "month"):
            row = result.rows.get(kind)
            if row is None:
                continue
            for stage in (*STAGES, REST):
                taken: dict[str, float] | None = row["stages"].get(stage)
                if taken:
                    yield _line(
                        result.title,
                        row["step"] + _mark(result, (kind,)),
                        stage,
                        _number(taken["wall"], 1),
                        _percent(taken["wall"] / row["wall_seconds"]),
                        _number(taken["cpu"], 1),
                        _number(taken["peak"]),
                        _number(taken.get("disk")),
                    )


def curve(points: Sequence[Result]) -> Iterator[str]:
    """Yield the table of a curve, one point a row; stages are wall seconds."""
    yield from _head(
        "million lines",
        "customers",
        "floor s",
        "first run s",
        "÷ floor",
        "s per million lines",
        *STAGES,
        REST,
        "cpu s",
        "peak MB",
        "disk MB",
    )
    for point in points:
        row: dict[str, Any] = point.rows["first"]
        yield _line(
            _number(point.lines and point.lines / 1e6, 2) + _mark(point, ("floor", "first")),
            _number(point.customers),
            _number(point.wall("floor"), 1),
            _number(row["wall_seconds"], 1),
            _number(point.over_floor("first"), 1),
            _number(point.per_million_lines("first")),
            *(_number(row["stages"].get(stage, {}).get("wall"), 1) for stage in (*STAGES, REST)),
            _number(row["cpu_seconds"], 1),
            _number(row["peak_tree_mb"]),
            _number(row["disk_mb"]),
        )


def _machines(results: Sequence[Result]) -> Iterator[str]:
    """Yield a paragraph for every machine and day that results come from."""
    places: dict[str, list[str]] = {}
    for result in results:
        facts = "; ".join(f"{name} {value}" for name, value in result.machine.items())
        places.setdefault(f"{facts}; measured on {result.measured_on}", []).append(result.name)
    for facts, names in places.items():
        of = f" ({', '.join(names)})" if len(places) > 1 else ""
        yield f"Machine{of}: {facts}."
    if any(result.is_busy for result in results):
        yield (
            "Steps marked * began while the machine had other work: their wall times are upper "
            "bounds, processor\ntimes the fairer figure."
        )


def _mark(result: Result, kinds: Sequence[str]) -> str:
    rows = [result.rows[kind] for kind in kinds if kind in result.rows]
    return " *" if any(row["busy_before"] > BUSY for row in rows) else ""


def _head(*titles: str) -> Iterator[str]:
    yield _line(*titles)
    yield f"|{'---|' * len(titles)}"


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _number(value: float | None, digits: int = 0) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"
