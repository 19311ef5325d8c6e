"""Measure whole runs of the pipeline and write a table.

    python benchmarks/run.py                              # sample company and real ledger
    python benchmarks/run.py sample:10 sample:100         # larger samples, one month added
    python benchmarks/run.py --output benchmarks/results/large.md sample:100

Run it on a machine that does nothing else. The figures of a busy one are marked.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cases import Step, ledger_steps, sample_steps
from measure import Measurement, describe_machine, measure

PROJECT = Path(__file__).resolve().parents[1]
# Above this share of the processors taken by other work, a step is marked.
BUSY = 0.1
SHARES = ("load", "door", "dbt", "window", "publish")


def main() -> None:
    """Measure the cases asked for and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", default=["sample:1", "ledger"], metavar="CASE")
    parser.add_argument("--months", type=int, default=36, help="months of the sample company")
    parser.add_argument(
        "--ledger",
        type=Path,
        default=PROJECT.parent / "shared" / "data" / "online_retail",
        help="folder of the real ledger's extracts",
    )
    parser.add_argument("--work", type=Path, help="folder for homes; default a temporary one")
    parser.add_argument(
        "--output", type=Path, default=PROJECT / "benchmarks" / "results" / "latest.md"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        rows = []
        for step in _steps(options, work):
            rows.append(_run(step, work))
            print(_row(rows[-1]), flush=True)
            _write(options.output, rows)


def _steps(options: argparse.Namespace, work: Path) -> Iterator[Step]:
    for case in options.cases:
        kind, _, scale = case.partition(":")
        if kind == "sample":
            yield from sample_steps(work, float(scale or 1), options.months)
        elif kind == "ledger" and options.ledger.is_dir():
            yield from ledger_steps(work, options.ledger)
        elif kind == "ledger":
            print(f"skipped: no extracts in {options.ledger} (--ledger DIR)")
        else:
            raise SystemExit(f"{case!r} is no case; use ledger, sample or sample:SCALE")


def _run(step: Step, work: Path) -> dict[str, Any]:
    step.prepare()
    # A process of its own, because the kernel's peak covers all children a process ever had.
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        result: Measurement = pool.apply(
            measure, ([*step.program, *step.arguments], work / "last.log")
        )
    return {"step": step.name, **asdict(result), "seconds": _seconds(step.home)}


def _seconds(home: Path | None) -> dict[str, float]:
    """Return the seconds by stage of a home's newest run record."""
    if home is None:
        return {}
    newest = max((home / "runs").glob("*.json"), key=os.path.getmtime)
    seconds: dict[str, float] = json.loads(newest.read_text(encoding="utf-8"))["seconds"]
    return seconds


def _row(row: dict[str, Any]) -> str:
    seconds = row["seconds"]
    spent = [f"{seconds[stage]:.1f}" if stage in seconds else "" for stage in SHARES]
    staged = sum(seconds.get(stage, 0.0) for stage in SHARES)
    rest = f"{row['wall_seconds'] - staged:.1f}" if seconds else ""
    busy = " (busy)" if row["busy_before"] > BUSY else ""
    cells = [
        row["step"] + busy,
        f"{row['wall_seconds']:.1f}",
        f"{row['cpu_seconds']:.1f}",
        f"{row['peak_tree_mb']:.0f}",
        f"{row['peak_process_mb']:.0f}",
        *spent,
        rest,
    ]
    return f"| {' | '.join(cells)} |"


def _write(output: Path, rows: list[dict[str, Any]]) -> None:
    machine = "; ".join(f"{name} {value}" for name, value in describe_machine().items())
    titles = ["step", "wall s", "cpu s", "peak MB, all", "peak MB, one", *SHARES, "rest"]
    lines = [
        "# Measured runs",
        "",
        f"Machine: {machine}.",
        "",
        "Wall and processor time are of the whole process, in seconds. Memory is resident, in MB",
        "of 10^6 bytes: the largest sum over all processes, and the largest single process. The",
        "stages are wall seconds from the run's own record; the rest is start-up and",
        "orchestration.",
        "A step is marked busy where the machine had other work when it began.",
        "",
        f"| {' | '.join(titles)} |",
        f"|{'---|' * len(titles)}",
        *map(_row, rows),
    ]
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    output.with_suffix(".json").write_text(
        json.dumps({"machine": describe_machine(), "rows": rows}, indent=1) + "\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
