"""What was planted, language-independent."""

from pathlib import Path

import duckdb

from orchestration.sample.parameters import Parameters, Window


def write_truth(
    connection: duckdb.DuckDBPyConnection, folder: Path, parameters: Parameters, window: Window
) -> None:
    """Write truth."""
    folder.mkdir(parents=True, exist_ok=True)
