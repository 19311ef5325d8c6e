"""Checks on customer_bridge."""

from __future__ import annotations

from expectations.checks import CheckSpec


def checks() -> list[CheckSpec]:
    """List the checks.

    Returns:
        Checks.
    """
    return []
