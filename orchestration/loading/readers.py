"""Opens an extract for DuckDB to read, and counts its records by a second way.

CSV is counted on its bytes, Parquet by its footer, Excel by the rows of the sheet's XML.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import duckdb_extensions

from orchestration.loading.convert import literal
from orchestration.loading.errors import FileProblem
from orchestration.loading.file_format import FileFormat
from orchestration.loading.header import FileColumn
from orchestration.loading.plan import Source
from orchestration.loading.scan import Dialect
from orchestration.loading.transcode import TextFile, prepare_text, read_header

REJECTS = "kaw_csv_errors"
_SCANS = "kaw_csv_scans"
_MAX_LINE = 16_000_000  # bytes of the longest record; DuckDB's default is 2 MB
_LAST_COLUMN = "ZZ"  # the 702nd; headers are looked for up to here
_SHEET_CHUNK = 1 << 20
_UNCALCULATED = re.compile(rb"<f[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>|</c>)")
_HAS_VALUE = re.compile(rb"<v>[^<]|<t(?: [^>]*)?>[^<]*[^<\s]")
_XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass
class OpenFile:
    """An extract ready to load.

    Attributes:
        source: What DuckDB reads.
        record_count: Data records, counted apart from the reader.
        text: The text file behind a CSV source, or None.
        dialect: How its records are written, or None.
        header_records: Records above the data: the header, and titles above it.
        shifts: For a CSV: record number (from 0 at the file's start) and what to add for its line.
    """

    source: Source
    record_count: int
    text: TextFile | None = None
    dialect: Dialect | None = None
    header_records: int = 1
    shifts: list[tuple[int, int]] = field(default_factory=lambda: [(0, 1)])


def kind_of(path: Path) -> str:
    """Return csv, parquet or xlsx by the file's ending."""
    name = path.name.lower()
    if name.endswith(".parquet"):
        return "parquet"
    return "xlsx" if name.endswith(".xlsx") else "csv"


def dialect_of(file_format: FileFormat) -> Dialect:
    """Return the byte dialect of a complete format."""
    return Dialect(
        (file_format.delimiter or ",").encode(),
        (file_format.quote or "").encode(),
        (file_format.escape or "").encode(),
    )


def read_columns(
    connection: duckdb.DuckDBPyConnection, path: Path, label: str, file_format: FileFormat
) -> list[FileColumn]:
    """Return the columns of an extract, reading no more than its start.

    Args:
        connection: Connection used to look into Parquet and Excel.
        path: The extract.
        label: Its name for messages.
        file_format: Complete format.

    Returns:
        The columns; an empty list where the file holds nothing at all.

    Raises:
        FileProblem: If the file cannot be read.
    """
    if path.stat().st_size == 0:
        return []
    kind = kind_of(path)
    if kind == "csv":
        names = read_header(
            path,
            label,
            file_format.encoding or "utf-8",
            dialect_of(file_format),
            file_format.skip_rows or 0,
        )
        return [FileColumn(name) for name in names]
    try:
        if kind == "parquet":
            rows = connection.execute(
                f"describe select * from read_parquet({literal(str(path))})"
            ).fetchall()
            return [FileColumn(row[0], row[1].lower()) for row in rows]
        duckdb_extensions.import_extension("excel", con=connection)
        header = (file_format.skip_rows or 0) + 1
        row = connection.execute(
            f"select * from {_sheet(path, file_format, f'A{header}:{_LAST_COLUMN}{header}')}"
        ).fetchone()
    except duckdb.Error as error:
        raise FileProblem(
            f"{label}: cannot be read as {kind}: {str(error).splitlines()[0]}. Export it again."
        ) from error
    names = [str(name or "").strip() for name in row or ()]
    while names and not names[-1]:
        names.pop()
    return [FileColumn(name) for name in names]


def open_file(
    path: Path,
    label: str,
    file_format: FileFormat,
    *,
    columns: list[FileColumn],
    work: Path,
    connection: duckdb.DuckDBPyConnection,
) -> OpenFile:
    """Open an extract whose columns were checked.

    Args:
        path: The extract.
        label: Its name for messages.
        file_format: Complete format.
        columns: Its columns, from read_columns.
        work: Folder for a decoded copy.
        connection: Connection used to look into Parquet.

    Raises:
        FileProblem: If the file is damaged, not in its encoding, or leaves a quote open.
    """
    kind = kind_of(path)
    if kind == "csv":
        return _open_csv(path, label, file_format, columns, work)
    if kind == "parquet":
        select = ", ".join(
            f'"{column.name.replace(chr(34), chr(34) * 2)}" as c{index}'
            for index, column in enumerate(columns)
        )
        count = connection.execute(
            f"select coalesce(sum(num_rows), 0) from parquet_file_metadata({literal(str(path))})"
        ).fetchone()
        relation = f"(select {select} from read_parquet({literal(str(path))}))"
        return OpenFile(Source(relation, tuple(columns)), int(count[0]) if count else 0)
    return _open_excel(path, label, file_format, columns)


def _open_csv(
    path: Path, label: str, file_format: FileFormat, columns: list[FileColumn], work: Path
) -> OpenFile:
    dialect = dialect_of(file_format)
    text = prepare_text(
        path,
        label,
        file_format.encoding or "utf-8",
        dialect,
        work=work,
        accept_mixed_endings=file_format.mixed_line_endings == "accept",
    )
    skip = file_format.skip_rows or 0
    titles = 0
    if skip:
        with text.path.open("rb") as stream:
            titles = sum(1 for _ in range(skip) if stream.readline().strip(b"\r\n"))
    types = ", ".join(f"'c{index}': 'varchar'" for index in range(len(columns)))
    relation = (
        f"read_csv({literal(str(text.path))}, auto_detect=false, header=true, skip={skip}, "
        f"delim={literal(file_format.delimiter or ',')}, quote={literal(file_format.quote or '')}, "
        f"escape={literal(file_format.escape or '') if file_format.quote else literal('')}, "
        f"new_line='\\n', columns={{{types}}}, null_padding=false, "
        f"strict_mode=true, max_line_size={_MAX_LINE}, store_rejects=true, rejects_limit=0, "
        f"rejects_table='{REJECTS}', rejects_scan='{_SCANS}')"
    )
    header_records = 1 + titles
    return OpenFile(
        Source(relation, tuple(columns)),
        max(text.count.records - header_records, 0),
        text,
        dialect,
        header_records,
        text.count.shifts,
    )


def drop_rejects(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop the tables in which DuckDB keeps the lines it could not split."""
    connection.execute(f"drop table if exists {REJECTS}")
    connection.execute(f"drop table if exists {_SCANS}")


def _sheet(path: Path, file_format: FileFormat, cells: str) -> str:
    sheet = f", sheet={literal(file_format.sheet)}" if file_format.sheet else ""
    # Types are never guessed: one text in a column of numbers would fail or be lost. Nor is the
    # range: the reader would take its width from the first row and stop at an empty one.
    return (
        f"read_xlsx({literal(str(path))}, all_varchar=true, header=false, stop_at_empty=false, "
        f"range='{cells}'{sheet})"
    )


def _open_excel(
    path: Path, label: str, file_format: FileFormat, columns: list[FileColumn]
) -> OpenFile:
    header = (file_format.skip_rows or 0) + 1
    filled, last = _Workbook(path, label, file_format.sheet).filled_rows(header)
    width = len(columns)
    letters = _column_letters(width)
    names = ", ".join(f"c{index}" for index in range(width))
    all_empty = " and ".join(f"nullif(trim(c{index}), '') is null" for index in range(width))
    cells = f"A{header + 1}:{letters}{max(last, header + 1)}"
    relation = (
        f"(select * from (select *, row_number() over () + {header} as sheet_row "
        f"from {_sheet(path, file_format, cells)} as sheet({names})) where not ({all_empty}))"
    )
    return OpenFile(Source(relation, tuple(columns), "sheet_row", is_excel=True), filled)


def _column_letters(number: int) -> str:
    """Return an Excel column by its number: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class _Workbook:
    """Looks at a workbook's XML: what the reader would lose is found here."""

    def __init__(self, path: Path, label: str, sheet: str | None) -> None:
        self.label = label
        try:
            self.archive = zipfile.ZipFile(path)
            book = ElementTree.fromstring(self.archive.read("xl/workbook.xml"))
            links = ElementTree.fromstring(self.archive.read("xl/_rels/workbook.xml.rels"))
        except (zipfile.BadZipFile, KeyError, ElementTree.ParseError) as error:
            raise FileProblem(
                f"{label}: not an Excel workbook ({error}). Save it as .xlsx again."
            ) from error
        properties = book.find(f"{_XML}workbookPr")
        if properties is not None and properties.get("date1904") in ("1", "true"):
            raise FileProblem(
                f"{label}: the workbook counts its dates from 1904. Switch that off in Excel's "
                "options (Advanced, When calculating this workbook) and save it again."
            )
        sheets = book.findall(f"{_XML}sheets/{_XML}sheet")
        chosen = next((entry for entry in sheets if sheet in (None, entry.get("name"))), None)
        if chosen is None:
            names = ", ".join(str(entry.get("name")) for entry in sheets)
            raise FileProblem(f"{label}: has no sheet {sheet}; it has {names}.")
        relation = next(value for key, value in chosen.attrib.items() if key.endswith("}id"))
        target = next(entry.get("Target", "") for entry in links if entry.get("Id") == relation)
        self.member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    def filled_rows(self, header: int) -> tuple[int, int]:
        """Return how many rows below the header hold a value, and the last one's number."""
        filled = last = 0
        for number, row in self._rows():
            if number <= header:
                continue
            if b"<f" in row and _UNCALCULATED.search(row):
                raise FileProblem(
                    f"{self.label}, line {number}: a formula has no stored result. Open the "
                    "workbook in Excel, let it calculate and save it, or paste values."
                )
            if _HAS_VALUE.search(row):
                filled += 1
                last = number
        return filled, last

    def _rows(self) -> Iterator[tuple[int, bytes]]:
        """Yield row number and XML of every row, streaming."""
        pattern = re.compile(rb"<row\b([^>]*?)(?:/>|>(.*?)</row>)", re.DOTALL)
        rest = b""
        last = 0
        with self.archive.open(self.member) as stream:
            while chunk := stream.read(_SHEET_CHUNK):
                rest += chunk
                end = 0
                for match in pattern.finditer(rest):
                    number = re.search(rb'\br="(\d+)"', match[1])
                    last = int(number[1]) if number else last + 1
                    end = match.end()
                    yield last, match[2] or b""
                rest = rest[end:]
