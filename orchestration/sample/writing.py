"""Files of an extract: column order, headers and values of the language, encoding, compression.

DuckDB writes the rows; Python only turns the finished bytes into the wanted encoding and gzip,
which is several times faster than DuckDB's own gzip and equally deterministic.
"""

import codecs
import gzip
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import duckdb

from orchestration.loading.contract import Column, Contract, Table
from orchestration.sample.chinese import ENUM_VALUES, HEADERS, NO, YES

_CHUNK = 1 << 20
_GZIP_LEVEL = 1
ENCODINGS = {"en": "utf-8", "zh": "gb18030"}


class ExtractWriter:
    """Writes tables of the contract as extract files below one folder.

    Attributes:
        root: The extracts folder.
        rows: Rows written so far, by "source.table".
        file_count: Files written so far.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        root: Path,
        contract: Contract,
        language: str,
        file_format: str,
    ) -> None:
        """Open a writer.

        Args:
            connection: Connection whose tables the queries read.
            root: The extracts folder; created.
            contract: The source contract, which gives columns and keys.
            language: `en` or `zh`.
            file_format: `csv.gz`, `csv` or `parquet`.
        """
        self.root = root
        self.rows: dict[str, int] = {}
        self.file_count = 0
        self._connection = connection
        self._contract = contract
        self._language = language
        self._file_format = file_format
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="compress")
        self._pending: list[Future[None]] = []
        root.mkdir(parents=True, exist_ok=True)

    def write(self, label: str, name: str, relation: str, skip_empty: bool = True) -> int:
        """Write one file.

        Args:
            label: Table of the contract as "source.table".
            name: File name without its extension, such as "2024-03".
            relation: Table or parenthesised query with (at least) the contract's columns.
            skip_empty: Whether a file without rows is left out.

        Returns:
            Rows written.
        """
        table = self._contract.table(label)
        folder = self.root / table.source / table.name
        folder.mkdir(parents=True, exist_ok=True)
        is_parquet = self._file_format == "parquet"
        plain = folder / f"{name}.{'parquet' if is_parquet else 'csv'}"
        columns = ", ".join(self._select(column, is_parquet) for column in table.columns)
        order = ", ".join(f"{key} nulls first" for key in _order(table))
        options = "format parquet, compression zstd" if is_parquet else "format csv, header"
        copied = self._connection.execute(
            f"copy (select {columns} from {relation} as x order by {order})"
            f" to '{_quoted(plain)}' ({options})"
        ).fetchone()
        count = int(copied[0]) if copied else 0
        if count == 0 and skip_empty:
            plain.unlink()
            return 0
        self.rows[label] = self.rows.get(label, 0) + count
        self.file_count += 1
        if not is_parquet:
            self._finish(plain)
        return count

    def close(self) -> None:
        """Wait until every file is complete; raises what a compressing thread raised."""
        try:
            for future in self._pending:
                future.result()
        finally:
            self._pool.shutdown()

    def _finish(self, plain: Path) -> None:
        is_gzip = self._file_format == "csv.gz"
        encoding = ENCODINGS[self._language]
        if is_gzip or encoding != "utf-8":
            self._pending.append(self._pool.submit(_rewrite, plain, encoding, is_gzip))

    def _select(self, column: Column, is_parquet: bool) -> str:
        name = f"x.{column.name}"
        if self._language == "en":
            return name
        header = HEADERS[column.name]
        values = {value: ENUM_VALUES[value] for value in column.allowed if value in ENUM_VALUES}
        if values:
            cases = " ".join(f"when '{code}' then '{word}'" for code, word in values.items())
            name = f"case {name} {cases} else {name} end"
        elif is_parquet:
            pass
        elif column.data_type == "boolean":
            name = f"case when {name} then '{YES}' when not {name} then '{NO}' end"
        elif column.data_type == "date":
            name = f"strftime({name}, '%Y/%m/%d')"
        elif column.data_type == "timestamp":
            name = f"strftime({name}, '%Y/%m/%d %H:%M:%S')"
        return f'{name} as "{header}"'


def _order(table: Table) -> list[str]:
    """Return the columns a file is sorted by: every one of the key."""
    return [f"x.{name}" for name in table.key]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _rewrite(plain: Path, encoding: str, is_gzip: bool) -> None:
    target = plain.with_name(plain.name + (".gz" if is_gzip else ".encoded"))
    decoder = codecs.getincrementaldecoder("utf-8")()
    with plain.open("rb") as source, target.open("wb") as raw:
        # No name and no time in the header: the same rows must give the same bytes.
        sink = gzip.GzipFile("", "wb", _GZIP_LEVEL, raw, mtime=0) if is_gzip else raw
        while chunk := source.read(_CHUNK):
            sink.write(chunk if encoding == "utf-8" else decoder.decode(chunk).encode(encoding))
        if is_gzip:
            sink.close()
    plain.unlink()
    if not is_gzip:
        target.rename(plain)
