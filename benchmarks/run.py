"""Measure whole runs of the pipeline, the floor under them and what others would use instead.

    python benchmarks/run.py                              # sample company, small sizes
    python benchmarks/run.py 1 10:parquet ledger          # sizes and formats, the real ledger
    python benchmarks/run.py curve:lines curve:customers  # what lines cost, what customers cost

Every case leaves a JSON file in the results folder, from which plot.py makes table and plot. Run it
on a machine that does nothing else. The figures of a busy one are marked.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cases import PROJECT, Case, Step, ledger_steps, parse_case, sample_steps
from measure import CommandFailedError, Measurement, describe_machine, measure
from results import BUSY
from stages import REST, STAGES, attribute

from orchestration.home import Home
from orchestration.sample.parameters import Parameters

# One of these that fails, as for want of memory, is noted; the rest is measured all the same.
COMPARISONS = ("pandas", "spark", "dlt")


def main() -> None:
    """Measure the cases asked for, one after the other."""
    options = _options()
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        options.results.mkdir(parents=True, exist_ok=True)
        for case in options.cases:
            if case.kind == "ledger" and not options.ledger.is_dir():
                print(f"ledger skipped: no extracts in {options.ledger} (--ledger DIR)")
                continue
            measure_case(case, work, options)
            if not options.work:
                shutil.rmtree(work / case.name, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", default=["1", "10", "10:parquet"], metavar="CASE")
    parser.add_argument("--months", type=int, default=36, help="months of the sample company")
    parser.add_argument(
        "--ledger",
        type=Path,
        default=PROJECT.parent / "shared" / "data" / "online_retail",
        help="folder of the real ledger's extracts",
    )
    parser.add_argument("--until", metavar="KIND", help="last step of each case, such as first")
    parser.add_argument("--work", type=Path, help="folder for homes, which then stay")
    parser.add_argument(
        "--results", type=Path, default=PROJECT / "benchmarks" / "results", help="folder of results"
    )
    options = parser.parse_args()
    try:
        options.cases = [case for text in options.cases for case in parse_case(text)]
    except ValueError as error:
        parser.error(str(error))
    return options


def measure_case(case: Case, work: Path, options: argparse.Namespace) -> None:
    """Measure the steps of a case and keep what they took.

    What was kept of the case before is replaced when its last step has ended, and not sooner.

    Args:
        case: The case.
        work: Folder for homes.
        options: Months, last step, folder of the real ledger, folder of the results.
    """
    steps = list(_steps(case, work, options))
    kinds = [step.kind for step in steps]
    if options.until in kinds:
        steps = steps[: kinds.index(options.until) + 1]
    content: dict[str, Any] = {
        "case": case.name,
        "kind": case.kind,
        "scale": case.scale,
        "format": case.file_format,
        "crowd": case.customers,
        "measured_on": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": describe_machine(),
        "rows": [],
        "failed": {},
    }
    partial = options.results / f"{case.name}.json.partial"
    titles = ["step", "wall s", "cpu s", "peak MB", "peak MB, one", "disk MB", *STAGES, REST]
    print(f"\n{case.name}\n\n| {' | '.join(titles)} |\n|{'---|' * len(titles)}")
    for step in steps:
        if not Path(step.program[0]).exists():
            print(f"{step.title} skipped: its environment is absent (make {step.make})")
            continue
        try:
            row = run_step(step, work)
        except CommandFailedError as error:
            if step.kind not in COMPARISONS:
                raise
            print(f"{step.title} failed and is left out: {error}")
            content["failed"][step.kind] = error.status
            continue
        content["rows"].append(row)
        content |= _size(case, work / case.name)
        print(line(row), flush=True)
        partial.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    os.replace(partial, partial.with_suffix(""))


def run_step(step: Step, work: Path) -> dict[str, Any]:
    """Run one step and return its row of the results.

    Args:
        step: The step.
        work: Folder for its output.

    Raises:
        CommandFailedError: The step failed.
    """
    step.prepare()
    log = work / "last.log"
    # A process of its own, because the kernel's peak covers all children a process ever had.
    # An executor asks it to end and waits; a Pool kills it, and now and then waits for ever.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as one:
        command = [*step.program, *step.arguments]
        result: Measurement = one.submit(measure, command, log, step.folder).result()
    row: dict[str, Any] = {
        "kind": step.kind,
        "step": step.title,
        "wall_seconds": result.wall_seconds,
        "cpu_seconds": result.cpu_seconds,
        "peak_tree_mb": result.peak_tree_mb,
        "peak_process_mb": result.peak_process_mb,
        "disk_mb": result.disk_mb,
        "busy_before": result.busy_before,
    }
    if step.home is not None:
        record = _newest_record(step.home)
        row["seconds"] = record["seconds"]
        row["stages"] = attribute(
            result.samples, record["spans"], result.wall_seconds, result.cpu_seconds
        )
        row["test_seconds"] = test_seconds(Home.at(step.home).dbt_target / "run_results.json")
    elif step.folder is not None and step.kind != "generate":
        _remove(step.folder)
    return row


def line(row: Mapping[str, Any]) -> str:
    """Return a row of the table shown while measuring; stages are wall seconds."""
    staged = row.get("stages", {})
    cells = [
        row["step"] + (" (busy)" if row["busy_before"] > BUSY else ""),
        f"{row['wall_seconds']:.1f}",
        f"{row['cpu_seconds']:.1f}",
        f"{row['peak_tree_mb']:.0f}",
        f"{row['peak_process_mb']:.0f}",
        "" if row["disk_mb"] is None else f"{row['disk_mb']:.0f}",
        *(f"{staged[stage]['wall']:.1f}" if stage in staged else "" for stage in (*STAGES, REST)),
    ]
    return f"| {' | '.join(cells)} |"


def _steps(case: Case, work: Path, options: argparse.Namespace) -> Iterator[Step]:
    if case.kind == "ledger":
        return ledger_steps(work, options.ledger)
    return sample_steps(case, work, options.months)


def _newest_record(home: Path) -> Mapping[str, Any]:
    newest = max((home / "runs").glob("*.json"), key=os.path.getmtime)
    record: Mapping[str, Any] = json.loads(newest.read_text(encoding="utf-8"))
    return record


def test_seconds(run_results: Path) -> float:
    """Return the seconds that dbt's tests took, of the last build alone.

    Args:
        run_results: The build's run_results.json.
    """
    results = json.loads(run_results.read_text(encoding="utf-8"))["results"]
    kinds = ("test.", "unit_test.")
    taken = [node["execution_time"] for node in results if node["unique_id"].startswith(kinds)]
    return round(sum(taken), 2)


def _size(case: Case, home: Path) -> dict[str, int]:
    """Return the customers of a sample, and its invoice lines as its generator counted them."""
    stamp = home / "truth" / "sample.json"
    if case.scale is None or not stamp.is_file():
        return {}
    counts = json.loads(stamp.read_text(encoding="utf-8"))["row_counts"]
    customers = Parameters(scale=case.scale, customers=case.customers).customer_count
    return {"lines": counts["ledger.invoice_lines"], "customers": customers}


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
