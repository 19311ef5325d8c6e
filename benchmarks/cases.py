"""What is measured: cases made of steps, each step one command line as a user types it."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

FLOOR = [sys.executable, str(Path(__file__).with_name("floor.py"))]
PANDAS = [sys.executable, str(Path(__file__).with_name("in_pandas.py"))]
KAW = [str(Path(sys.executable).with_name("kaw"))]
_PERIOD = re.compile(r"^(\d{4}-\d{2})")


@dataclass(frozen=True)
class Step:
    """One command to measure.

    Attributes:
        name: Row of the table.
        arguments: Arguments of the program.
        home: Home whose newest run record tells the shares of time; None for a step without one.
        prepare: Called before, outside the measurement.
        program: What is run; `kaw` unless said otherwise.
    """

    name: str
    arguments: list[str]
    home: Path | None = None
    prepare: Callable[[], None] = lambda: None
    program: list[str] = field(default_factory=lambda: KAW)


def sample_steps(work: Path, scale: float, months: int) -> Iterator[Step]:
    """Yield the steps for the sample company at a scale.

    The last month's files are kept back at first: a full run over all months but one, then the
    month is added. Then nothing changes, then everything is rebuilt.
    """
    home = work / f"sample-{scale:g}"
    size = f"sample {scale:g}x"
    options = ["--home", str(home)]
    yield Step(
        f"{size}: generate",
        ["sample", *options, "--scale", f"{scale:g}", "--months", str(months)],
        prepare=lambda: shutil.rmtree(home, ignore_errors=True),
    )
    yield _floor(size, home / "extracts", work)
    yield Step(f"{size}: five headline figures in pandas", [str(home / "extracts")], program=PANDAS)
    held = home / "held-back"
    yield Step(
        f"{size}: first run, all months but the last (cold)",
        ["run", *options],
        home,
        lambda: _hold_back_last_month(home / "extracts", held),
    )
    yield Step(
        f"{size}: one month added",
        ["run", *options],
        home,
        lambda: _give_back(held, home / "extracts"),
    )
    yield Step(f"{size}: nothing changed (warm)", ["run", *options])
    yield Step(f"{size}: full refresh", ["run", *options, "--full-refresh"], home)


def ledger_steps(work: Path, extracts: Path) -> Iterator[Step]:
    """Yield the steps for the real ledger."""
    home = work / "real-ledger"
    options = ["--home", str(home), "--extracts", str(extracts), "--mapping", "online_retail"]
    yield _floor("real ledger", extracts, work)
    yield Step(
        "real ledger: end to end (cold)",
        ["run", *options],
        home,
        lambda: shutil.rmtree(home, ignore_errors=True),
    )
    yield Step("real ledger: nothing changed (warm)", ["run", *options])
    yield Step("real ledger: run again by force", ["run", *options, "--force"], home)


def _floor(size: str, extracts: Path, work: Path) -> Step:
    file = work / "floor.duckdb"
    return Step(
        f"{size}: the floor, bare DuckDB",
        [str(extracts), str(file)],
        prepare=lambda: file.unlink(missing_ok=True),
        program=FLOOR,
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
