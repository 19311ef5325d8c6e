"""Checks on revenue_retention."""

from __future__ import annotations

from expectations.checks import CheckSpec


def checks() -> list[CheckSpec]:
    """List the checks.

    Returns:
        Checks.
    """
    return []
