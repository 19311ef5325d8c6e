"""Every check there is, by the two places where checks stand: the door and the window.

Importing this module never imports Great Expectations; a test holds it to that.
"""

from __future__ import annotations

from pathlib import Path

from expectations import contract_suites, door, window
from expectations.checks import CheckSpec, require_unique_names

__all__ = ["CheckSpec", "door_checks", "window_checks"]


def door_checks() -> list[CheckSpec]:
    """List the checks on raw extracts.

    Returns:
        Checks generated from the contract, then the hand-written ones, grouped by table.

    Raises:
        ValueError: Where two checks of a table have one name.
    """
    return require_unique_names([*contract_suites.contract_checks(), *door.checks()])


def window_checks(models: Path | None = None) -> list[CheckSpec]:
    """List the checks on marts before they are published.

    Args:
        models: Folder of the marts' dbt YAML; None takes the project's own `models/marts`.

    Returns:
        Checks generated from the marts' YAML, then the hand-written ones for the marts it names.

    Raises:
        ValueError: Where two checks of a table have one name.
    """
    return require_unique_names(window.checks(models))
