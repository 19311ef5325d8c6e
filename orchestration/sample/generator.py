"""Generates the sample company: sets it up, walks through its months, writes extracts and truth."""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.errors import UsageError
from orchestration.loading.contract import Contract, load_contract
from orchestration.sample.company import set_up
from orchestration.sample.crm import build_crm
from orchestration.sample.export import crm_deliveries, write_crm_delivery, write_ledger_month
from orchestration.sample.mapping import write_mapping
from orchestration.sample.month import build_month
from orchestration.sample.parameters import Parameters, Window
from orchestration.sample.relations import month_activities
from orchestration.sample.truth import write_truth
from orchestration.sample.writing import ExtractWriter

STAMP = "sample.json"
_BUILDING = ".sample-building"
_FOLDERS = ("extracts", "truth")
MEMORY_LIMIT = "2GB"

Progress = Callable[[str, int, int], None]


class SampleError(UsageError):
    """The sample cannot be written there; the text says why and what to do."""


@dataclass(frozen=True)
class SampleSummary:
    """What a sample holds.

    Attributes:
        home: Folder that extracts and truth were written to.
        parameters: Parameters and generator version, as stamped.
        is_new: False where the same sample was there already and nothing was done.
        file_count: Extract files.
        row_counts: Rows written per "source.table"; repeated deliveries count each time.
        seconds: Wall time of the generation, 0 where nothing was done.
    """

    home: Path
    parameters: dict[str, object]
    is_new: bool
    file_count: int
    row_counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def extracts(self) -> Path:
        """Folder with the extracts."""
        return self.home / "extracts"

    @property
    def truth(self) -> Path:
        """Folder with what was planted."""
        return self.home / "truth"

    def __str__(self) -> str:
        """Return one or two lines a person can read."""
        lines = self.row_counts.get("ledger.invoice_lines", 0)
        what = f"{lines:,} invoice lines in {self.file_count} extract files"
        if not self.is_new:
            return f"The same sample company is there already: {what} in {self.extracts}."
        return f"Sample company written in {self.seconds:.1f} s: {what} in {self.extracts}."


def generate(
    target: Path,
    *,
    scale: float = 1,
    months: int = 36,
    seed: int = 42,
    language: str = "en",
    file_format: str = "csv.gz",
    customers: int | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
) -> SampleSummary:
    """Write the sample company's extracts and their truth into a home folder.

    Everything is built beside the target and moved in place at the end: a kill leaves nothing
    half-written, and the next call starts anew. The same parameters again do nothing.

    Args:
        target: Home folder; created. Receives extracts/ and truth/.
        scale: 1 is about 2,000 customers and 300,000 invoice lines over 36 months.
        months: Months of history, ending with December 2025.
        seed: Another seed gives another company of the same shape.
        language: `en`, or `zh` for Chinese headers, names, values, dates and encoding.
        file_format: `csv.gz`, `csv` or `parquet`.
        customers: Customers who share the ledger of that scale; as many as it has if not given.
        progress: Called as progress(what, done, total) after every step.
        threads: DuckDB threads; all cores if not given. The files do not depend on it.

    Returns:
        What was written, or what was there already.

    Raises:
        ValueError: A parameter is outside its range.
        SampleError: The folder holds other extracts or another truth, or another process is
            generating there.
    """
    parameters = Parameters(scale, months, seed, language, file_format, customers)
    target = Path(target).expanduser().resolve()
    target.mkdir(parents=True, exist_ok=True)
    with _alone(target):
        return _generate(target, parameters, progress or (lambda *_: None), threads)


def _generate(
    target: Path, parameters: Parameters, progress: Progress, threads: int | None
) -> SampleSummary:
    building = target / _BUILDING
    _finish_interrupted_move(target, building)
    existing = _existing(target, parameters)
    if existing:
        return existing
    started = time.monotonic()
    if building.exists():
        shutil.rmtree(building)
    building.mkdir()
    try:
        row_counts, file_count = _build(building, parameters, progress, threads)
        stamp = {
            "parameters": parameters.stamp(),
            "file_count": file_count,
            "row_counts": row_counts,
        }
        # The stamp is the last file written: a building folder that has one is complete.
        (building / "truth" / STAMP).write_text(
            json.dumps(stamp, indent=2, sort_keys=True) + "\n", encoding="utf-8"
        )
        _move(target, building)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    seconds = time.monotonic() - started
    return SampleSummary(target, parameters.stamp(), True, file_count, row_counts, seconds)


def _build(
    building: Path, parameters: Parameters, progress: Progress, threads: int | None
) -> tuple[dict[str, int], int]:
    window = Window.of(parameters.months)
    contract: Contract = load_contract()
    work = building / "work"
    work.mkdir()
    # In memory there is no log to write; what does not fit the limit goes to the folder below.
    connection = duckdb.connect()
    try:
        connection.execute(f"set temp_directory = '{str(work).replace(chr(39), chr(39) * 2)}'")
        connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        connection.execute("set preserve_insertion_order = true")
        connection.execute("set enable_progress_bar = false")
        if threads:
            connection.execute(f"set threads = {int(threads)}")
        total = parameters.months + 3
        set_up(connection, parameters, window)
        progress("customers and catalogue", 1, total)
        writer = ExtractWriter(
            connection,
            building / "extracts",
            contract,
            parameters.language,
            parameters.file_format,
        )
        for index, month in enumerate(window.all_months()):
            build_month(connection, window, month, parameters.language)
            write_ledger_month(
                connection,
                writer,
                parameters=parameters,
                window=window,
                contract=contract,
                month=month,
            )
            progress(f"{month:%Y-%m}", index + 2, total)
        build_crm(connection, window, parameters.language)
        for delivery in crm_deliveries(window):
            for month in window.all_months():
                if delivery.start <= month < delivery.end:
                    is_new_span = month == delivery.start
                    month_activities(connection, month, parameters.language, is_new_span)
            write_crm_delivery(writer, contract, delivery)
            progress(f"CRM {delivery.month:%Y-%m}", total - 1, total)
        write_mapping(building / "extracts", parameters, contract)
        writer.close()
        write_truth(connection, building / "truth", parameters, window)
        progress("truth", total, total)
    finally:
        connection.close()
    shutil.rmtree(work)
    return dict(sorted(writer.rows.items())), writer.file_count


def _existing(target: Path, parameters: Parameters) -> SampleSummary | None:
    """Return the summary of a sample that is there already; refuse anything else that is."""
    present = [name for name in _FOLDERS if _has_content(target / name)]
    if not present:
        return None
    stamp_file = target / "truth" / STAMP
    if not stamp_file.is_file():
        raise SampleError(
            f"{target} already holds {' and '.join(f'{name}/' for name in present)} that no sample"
            " wrote. Choose another folder, or move them away."
        )
    stamp = json.loads(stamp_file.read_text(encoding="utf-8"))
    if stamp["parameters"] != parameters.stamp():
        raise SampleError(
            f"{target} already holds a sample company with other parameters"
            f" ({_written(stamp['parameters'])}; asked for {_written(parameters.stamp())})."
            " Choose another folder, or remove its extracts/ and truth/ first."
        )
    if "extracts" not in present:
        raise SampleError(
            f"{target} holds the truth of a sample, but its extracts/ are gone."
            " Remove truth/ and generate again."
        )
    return SampleSummary(
        target, stamp["parameters"], False, stamp["file_count"], stamp["row_counts"]
    )


def _written(parameters: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(parameters.items()))


def _has_content(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def _finish_interrupted_move(target: Path, building: Path) -> None:
    """Complete a move that was cut between its two renames."""
    is_complete = (building / "truth" / STAMP).is_file()
    if is_complete and not (building / "extracts").exists():
        _move(target, building)


def _move(target: Path, building: Path) -> None:
    for name in _FOLDERS:
        if (building / name).exists():
            if (target / name).is_dir():
                (target / name).rmdir()
            (building / name).rename(target / name)


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Hold the folder for this process; the system lets go of it however the process ends."""
    descriptor = os.open(target, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SampleError(
                f"Another process is generating a sample in {target}. Wait for it to end."
            ) from None
        yield
    finally:
        os.close(descriptor)
