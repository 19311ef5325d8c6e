"""Headline figures, read from the published file as any reader would."""

from pathlib import Path

import duckdb


def read_figures(release: Path) -> list[tuple[str, str]]:
    """Return headline figures of a release as (label, value), ready to print.

    Args:
        release: Published DuckDB file.
    """
    with duckdb.connect(str(release), read_only=True) as connection:
        return []
