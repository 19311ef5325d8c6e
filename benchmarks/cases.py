"""What is measured: cases made of steps, each step one command line as a user types it.

A case is written `sample:SCALE[:FORMAT[:CUSTOMERS]]` (or without `sample:`), `ledger`,
`curve:lines` or `curve:customers`; a curve may name a factor for all its sizes, as in
`curve:lines:0.1`.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
KAW = [str(Path(sys.executable).with_name("kaw"))]
FLOOR = [sys.executable, str(HERE / "floor.py")]
PANDAS = [sys.executable, str(HERE / "in_pandas.py")]
DLT = [str(PROJECT / ".venv-bench" / "bin" / "python"), str(HERE / "with_dlt.py")]
SPARK = [str(PROJECT / ".venv-spark" / "bin" / "python"), str(HERE / "in_spark.py")]
FORMATS = ("csv.gz", "csv", "parquet")
# Above this scale models are not rebuilt from nothing once more: the first run did that.
REBUILT_TO_SCALE = 10
# Sizes of the curves: scales of the ledger by customers, one of both fixed.
LINES_CURVE = [(1.0, 2_000), (3.0, 2_000), (10.0, 2_000), (30.0, 2_000)]
CUSTOMERS_CURVE = [(10.0, 2_000), (10.0, 6_000), (10.0, 20_000), (10.0, 60_000)]
_PERIOD = re.compile(r"^(\d{4}-\d{2})")


@dataclass(frozen=True)
class Step:
    """One command to measure.

    Attributes:
        kind: What it is, whatever the size: generate, floor, pandas, spark, dlt, first, month,
            nothing, refresh or forced.
        title: The same in words.
        arguments: Arguments of the program.
        home: Home whose newest run record tells the stages apart; None for a step without one.
        folder: Folder or file it writes to, whose size is watched.
        prepare: Called before, outside the measurement.
        program: What is run; `kaw` unless said otherwise.
        make: Target of make that provides the program where it is absent.
    """

    kind: str
    title: str
    arguments: list[str]
    home: Path | None = None
    folder: Path | None = None
    prepare: Callable[[], None] = lambda: None
    program: list[str] = field(default_factory=lambda: KAW)
    make: str = "env"


@dataclass(frozen=True)
class Case:
    """A company of one size, and what is measured with it.

    Attributes:
        kind: sample, ledger, or curve-lines and curve-customers for a point of a curve.
        scale: Size of the sample's ledger; None for the real ledger.
        file_format: csv.gz, csv or parquet.
        customers: Customers of the sample; None for as many as the scale has.
    """

    kind: str
    scale: float | None = None
    file_format: str = "csv.gz"
    customers: int | None = None

    @property
    def name(self) -> str:
        """Name of its results and of its home."""
        if self.scale is None:
            return self.kind
        crowd = "" if self.customers is None else f"-{self.customers}"
        form = "" if self.file_format == "csv.gz" else f"-{self.file_format}"
        return f"{self.kind}-{self.scale:g}{crowd}{form}"


def parse_case(text: str) -> list[Case]:
    """Return the cases that a word of the command line names.

    Args:
        text: As the module's text says.

    Raises:
        ValueError: It names none.
    """
    first, *rest = text.split(":")
    try:
        if first == "ledger" and not rest:
            return [Case("ledger")]
        if first == "curve":
            sizes = {"lines": LINES_CURVE, "customers": CUSTOMERS_CURVE}[rest[0]]
            times = float(rest[1]) if rest[1:] else 1.0
            return [
                Case(f"curve-{rest[0]}", scale * times, customers=round(customers * times))
                for scale, customers in sizes
            ]
        size, *form = rest or ["1"] if first == "sample" else [first, *rest]
        file_format = form[0] if form else "csv.gz"
        crowd = int(form[1]) if form[1:] else None
        if file_format in FORMATS and not form[2:]:
            return [Case("sample", float(size), file_format, crowd)]
    except (KeyError, IndexError, ValueError):
        pass
    raise ValueError(
        f"{text!r} is no case; use SCALE, SCALE:FORMAT (one of {', '.join(FORMATS)}),"
        " SCALE:FORMAT:CUSTOMERS, ledger, curve:lines or curve:customers"
    )


def sample_steps(case: Case, work: Path, months: int) -> Iterator[Step]:
    """Yield the steps for a sample company.

    The last month's files are kept back at first: a full run over all months but one, then the
    month is added. Then nothing changes, then everything is rebuilt. A point of a curve is a floor
    and a full run.

    Args:
        case: The company.
        work: Folder for its home and what others make of it.
        months: Months of its ledger.
    """
    home, scale = work / case.name, case.scale or 1.0
    extracts, held, options = home / "extracts", home / "held-back", ["--home", str(home)]
    size = ["--scale", f"{scale:g}", "--months", str(months), "--format", case.file_format]
    if case.customers is not None:
        size += ["--customers", str(case.customers)]
    yield Step(
        "generate",
        "generate",
        ["sample", *options, *size],
        folder=home,
        prepare=lambda: shutil.rmtree(home, ignore_errors=True),
    )
    yield _floor(extracts, work)
    if case.kind != "sample":
        yield Step("first", "first run (cold)", ["run", *options], home, home)
        return
    yield from _instead(extracts, work)
    yield Step(
        "first",
        "first run, all months but the last (cold)",
        ["run", *options],
        home,
        home,
        lambda: _hold_back_last_month(extracts, held),
    )
    yield Step(
        "month",
        "one month added",
        ["run", *options],
        home,
        home,
        lambda: _give_back(held, extracts),
    )
    yield Step("nothing", "nothing changed (warm)", ["run", *options])
    if scale <= REBUILT_TO_SCALE:
        yield Step("refresh", "full refresh", ["run", *options, "--full-refresh"], home, home)


def ledger_steps(work: Path, extracts: Path) -> Iterator[Step]:
    """Yield the steps for the real ledger."""
    home = work / "ledger"
    options = ["--home", str(home), "--extracts", str(extracts), "--mapping", "online_retail"]
    yield _floor(extracts, work)
    yield Step(
        "first",
        "end to end (cold)",
        ["run", *options],
        home,
        home,
        lambda: shutil.rmtree(home, ignore_errors=True),
    )
    yield Step("nothing", "nothing changed (warm)", ["run", *options])
    yield Step("forced", "run again by force", ["run", *options, "--force"], home, home)


def _floor(extracts: Path, work: Path) -> Step:
    file = work / "floor.duckdb"
    return Step(
        "floor",
        "the floor, bare DuckDB",
        [str(extracts), str(file)],
        folder=file,
        prepare=lambda: file.unlink(missing_ok=True),
        program=FLOOR,
    )


def _instead(extracts: Path, work: Path) -> Iterator[Step]:
    """Yield what somebody would take instead: figures in pandas and Spark, the load in dlt."""
    loaded, scratch = work / "dlt", work / "spark"
    yield Step("pandas", "five headline figures in pandas", [str(extracts)], program=PANDAS)
    yield Step(
        "spark",
        "five headline figures in Spark",
        [str(extracts), str(scratch)],
        folder=scratch,
        prepare=lambda: shutil.rmtree(scratch, ignore_errors=True),
        program=SPARK,
        make="spark-env java",
    )
    yield Step(
        "dlt",
        "the load with dlt",
        [str(extracts), str(loaded)],
        folder=loaded,
        prepare=lambda: shutil.rmtree(loaded, ignore_errors=True),
        program=DLT,
        make="bench",
    )


def _hold_back_last_month(extracts: Path, held: Path) -> None:
    """Move the files of the last month out of an extracts folder."""
    periods = {path: _PERIOD.match(path.name) for path in extracts.rglob("*") if path.is_file()}
    named = {path: match.group(1) for path, match in periods.items() if match}
    last = max(named.values())
    for path, period in named.items():
        if period == last:
            target = held / path.relative_to(extracts)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)


def _give_back(held: Path, extracts: Path) -> None:
    for path in [path for path in held.rglob("*") if path.is_file()]:
        path.rename(extracts / path.relative_to(held))
    shutil.rmtree(held)
