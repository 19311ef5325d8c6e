"""The load alone, by dlt: the same files into typed DuckDB tables.

    .venv-bench/bin/python benchmarks/with_dlt.py <extracts folder, CSV or Parquet> <new folder>

What a user of dlt would write: a resource for each table, read by DuckDB over all files of the
table so that their types agree, handed over as Arrow, and put away as Parquet between dlt's stages,
which is its quickest way. Every table is replaced. Nothing is checked against a contract, no
delivery takes the place of an earlier one, and which file a row came from is forgotten.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from floor import MEMORY, source

# A batch becomes a row group of dlt's files between its stages.
BATCH_ROWS = 100_000


def main() -> None:
    """Load the folder named on the command line."""
    extracts, target = (Path(argument).resolve() for argument in sys.argv[1:3])
    target.mkdir(parents=True)
    # Read when dlt is imported: nothing is reported to its makers, and nothing kept elsewhere.
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["DLT_DATA_DIR"] = str(target / "dlt")
    # One table after the other, for all their readers at once would each hold memory.
    os.environ["EXTRACT__NEXT_ITEM_MODE"] = "fifo"
    import dlt  # noqa: PLC0415

    pipeline = dlt.pipeline(
        "extracts",
        pipelines_dir=str(target / "pipelines"),
        destination=dlt.destinations.duckdb(str(target / "warehouse.duckdb")),
        dataset_name="raw",
    )
    tables = [path for path in sorted(extracts.glob("*/*")) if path.is_dir()]
    pipeline.run(
        [dlt.resource(rows(folder), name=folder.name) for folder in tables],
        write_disposition="replace",
        loader_file_format="parquet",
    )
    counts = pipeline.last_trace.last_normalize_info.row_counts
    print(f"{sum(counts[folder.name] for folder in tables)} rows in {len(tables)} tables")


def rows(folder: Path) -> Iterator[Any]:
    """Yield a table's rows as batches of Arrow.

    Args:
        folder: The table's files, CSV or Parquet.
    """
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{MEMORY}'")
        yield from connection.execute(f"from {source(folder)}").to_arrow_reader(BATCH_ROWS)


if __name__ == "__main__":
    main()
