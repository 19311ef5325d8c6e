"""Run the checks of the door or the window. See `expectations.registry` for what they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from expectations.outcomes import Outcome


def run_door(
    database: Path,
    state: Path,
    run_name: str,
    *,
    batch_id: int | None = None,
    tables: Collection[tuple[str, str]] | None = None,
    config: Mapping[str, Any] | None = None,
) -> list[Outcome]:
    """Check the raw tables.

    Args:
        database: Warehouse file; nobody may be writing to it.
        state: Folder for results and Data Docs.
        run_name: Name of the run in the Data Docs.
        batch_id: Last load batch; None checks every current row.
        tables: (schema, table) pairs to check; None checks all.
        config: Settings, see `expectations.settings.Settings`.

    Returns:
        One outcome per check.
    """
    raise NotImplementedError


def run_window(
    database: Path, state: Path, run_name: str, *, config: Mapping[str, Any] | None = None
) -> list[Outcome]:
    """Check the marts.

    Args:
        database: Warehouse file; nobody may be writing to it.
        state: Folder for results and Data Docs.
        run_name: Name of the run in the Data Docs.
        config: Settings, see `expectations.settings.Settings`.

    Returns:
        One outcome per check.
    """
    raise NotImplementedError
