"""Great Expectations suites made from checks."""

from __future__ import annotations

from typing import Any

from expectations import domain
from expectations.checks import CheckSpec, Setting
from expectations.settings import Settings


def build_expectation(check: CheckSpec, settings: Settings) -> Any:
    """Make the expectation that tests a check.

    Args:
        check: The check.
        settings: Values for the `Setting` marks among its arguments.

    Returns:
        An expectation that carries the check's severity, texts and name.

    Raises:
        AttributeError: If the check names no class of `expectations.domain`.
        pydantic.ValidationError: If the class does not take the check's arguments.
    """
    arguments = {
        name: getattr(settings, value.name) if isinstance(value, Setting) else value
        for name, value in check.arguments.items()
    }
    return getattr(domain, check.expectation)(
        **arguments,
        severity=check.severity,
        description=check.description,
        notes=check.action,
        meta={"check": check.name},
    )
