"""Make docs/benchmarks.md and its plot from the results that are kept.

.venv-bench/bin/python benchmarks/plot.py
.venv-bench/bin/python benchmarks/plot.py --results DIR --docs DIR
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from page import build_page
from results import Result, of_kind, read_results
from stages import REST, STAGES

PROJECT = Path(__file__).resolve().parents[1]
# Colours of Okabe and Ito, which people with any colour vision tell apart; dashes help in print.
TOOLS = {
    "first": ("kaw run, everything", "#0072B2", "o-"),
    "month": ("kaw run, one month added", "#56B4E9", "s--"),
    "dlt": ("the load with dlt", "#D55E00", "^-"),
    "spark": ("five figures in Spark", "#E69F00", "D--"),
    "pandas": ("five figures in pandas", "#009E73", "v-"),
    "floor": ("the floor, bare DuckDB", "#000000", "x:"),
}
COLOURS = dict(
    zip(
        (*STAGES, REST),
        ("#D55E00", "#F0E442", "#0072B2", "#CC79A7", "#009E73", "#BBBBBB"),
        strict=True,
    )
)
CURVES = {
    "curve-lines": ("As the ledger grows, {customers} customers", "million invoice lines"),
    "curve-customers": ("As customers grow, {lines} million lines", "thousand customers"),
}
STYLE: Any = {
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    # Text stays text: the file is small, and can be searched. The same results give the same bytes.
    "svg.fonttype": "none",
    "svg.hashsalt": "benchmarks",
}


def main() -> None:
    """Write the page, and the plot where there is something to draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    results = PROJECT / "benchmarks" / "results"
    parser.add_argument("--results", type=Path, default=results, help="folder of kept results")
    parser.add_argument("--docs", type=Path, default=PROJECT / "docs", help="folder of the page")
    options = parser.parse_args()
    kept = read_results(options.results)
    (options.docs / "images").mkdir(parents=True, exist_ok=True)
    (options.docs / "benchmarks.md").write_text(build_page(kept), encoding="utf-8")
    print(f"{len(kept)} results in {options.docs / 'benchmarks.md'}")
    if kept:
        draw(kept, options.docs / "images" / "benchmarks.svg")


def draw(results: Sequence[Result], target: Path) -> None:
    """Draw what there is of three panels: all tools by size, and the two curves by stage.

    Args:
        results: Kept results, from the smallest up.
        target: The SVG file.
    """
    import matplotlib as mpl  # noqa: PLC0415 - the page needs none

    mpl.use("svg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    samples = by_size(results)
    curves = {kind: list(of_kind(list(results), kind)) for kind in CURVES}
    drawn = [kind for kind, points in curves.items() if points]
    with plt.rc_context(STYLE):
        count = bool(samples) + len(drawn)
        if not count:
            return
        figure, grid = plt.subplots(
            1, count, figsize=(4.2 * count, 3.8), squeeze=False, layout="constrained"
        )
        axes = iter(grid[0])
        if samples:
            _draw_sizes(next(axes), samples)
        for kind in drawn:
            panel = next(axes)
            _draw_curve(panel, kind, curves[kind])
            if kind == drawn[-1]:
                legend = panel.get_legend_handles_labels()
                figure.legend(*legend, loc="outside lower right", ncols=3)
        figure.savefig(target, metadata={"Date": None, "Creator": None})
        plt.close(figure)
    # matplotlib leaves blanks at the ends of lines.
    lines = target.read_text(encoding="utf-8").splitlines()
    target.write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")


def by_size(results: Sequence[Result]) -> list[Result]:
    """Return one sample a size: that of the usual format, or the one there is."""
    sizes: dict[float | None, Result] = {}
    for result in of_kind(list(results), "sample"):
        sizes.setdefault(result.scale, result)
    return list(sizes.values())


def _draw_sizes(axes: Any, samples: Sequence[Result]) -> None:
    for kind, (title, colour, style) in TOOLS.items():
        seen = [(sample.lines, sample.wall(kind), sample.file_format) for sample in samples]
        points = [(lines / 1e6, wall, form) for lines, wall, form in seen if lines and wall]
        if not points:
            continue
        xs, ys, forms = zip(*points, strict=True)
        axes.plot(xs, ys, style, color=colour, label=title, markersize=5)
        hollow = [index for index, form in enumerate(forms) if form == "parquet"]
        options = {"color": colour, "markerfacecolor": "white", "markersize": 5}
        axes.plot([xs[i] for i in hollow], [ys[i] for i in hollow], style[0], **options)
    is_mixed = any(sample.file_format == "parquet" for sample in samples)
    unit = "million invoice lines" + (" (hollow: from Parquet)" if is_mixed else "")
    axes.set(xscale="log", yscale="log", title="What a run takes, and others for a part of it")
    axes.set(xlabel=unit, ylabel="seconds")
    _plain_ticks(axes.xaxis, axes.yaxis)
    axes.margins(y=0.15)
    axes.figure.legend(*axes.get_legend_handles_labels(), loc="outside lower left", ncols=2)


def _draw_curve(axes: Any, kind: str, points: Sequence[Result]) -> None:
    title, unit = CURVES[kind]
    fixed = {
        "customers": f"{points[0].customers:,}",
        "lines": f"{(points[0].lines or 0) / 1e6:.1f}",
    }
    ticks = [
        f"{(point.lines or 0) / 1e6:.2g}"
        if kind == "curve-lines"
        else f"{(point.customers or 0) / 1e3:g}"
        for point in points
    ]
    bottom = [0.0] * len(points)
    for stage, colour in COLOURS.items():
        walls = [point.rows["first"]["stages"].get(stage, {}).get("wall", 0.0) for point in points]
        axes.bar(ticks, walls, 0.6, bottom=bottom, color=colour, label=stage, edgecolor="white")
        bottom = [below + wall for below, wall in zip(bottom, walls, strict=True)]
    axes.set(title=title.format(**fixed), xlabel=unit, ylabel="seconds of a first run")


def _plain_ticks(*sides: Any) -> None:
    """Write 1,000 instead of a power of ten."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter  # noqa: PLC0415

    for side in sides:
        side.set_major_locator(LogLocator(subs=(1.0,)))
        side.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
        side.set_minor_formatter(NullFormatter())


if __name__ == "__main__":
    main()
