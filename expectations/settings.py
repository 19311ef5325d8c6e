"""Values that a run of checks takes from outside, validated before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Settings:
    """What may be set for a run of checks.

    Attributes:
        reporting_currency: Currency that needs no exchange rate (ISO 4217).
        rejected_share_tolerance: Share of a file's records that may be refused before the door
            mentions it, 0 to 1.
        threads: Threads DuckDB may use; any other connection that the same process holds to the
            same file must be opened with the same number.
        memory_limit: Memory DuckDB may use, in its own notation; same condition.
        temp_directory: Folder for what does not fit in memory; empty takes DuckDB's default.
        kept_runs: Runs of the door and of the window whose results and pages are kept, each.
        ledger_months: First days (YYYY-MM-DD) of the months whose totals are compared through all
            layers; None compares every month. The runner narrows it, see `expectations.scope`.
    """

    reporting_currency: str = "CNY"
    rejected_share_tolerance: float = 0.001
    threads: int = 2
    memory_limit: str = "2GB"
    temp_directory: str = ""
    kept_runs: int = 12
    ledger_months: list[str] | None = None

    @classmethod
    def from_config(cls, config: Mapping[str, Any] | None) -> Settings:
        """Read settings from a mapping of names to values.

        Args:
            config: Names of this class's attributes to values; None values and None itself take
                the defaults.

        Returns:
            Validated settings.

        Raises:
            ValueError: For an unknown name or a value out of range.
        """
        given = {name: value for name, value in (config or {}).items() if value is not None}
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(given) - known):
            raise ValueError(
                f"unknown setting for the checks: {', '.join(unknown)}; "
                f"known are {', '.join(sorted(known))}"
            )
        settings = cls(**given)
        if not 0 <= settings.rejected_share_tolerance <= 1:
            raise ValueError("rejected_share_tolerance must lie between 0 and 1")
        if settings.threads < 1 or settings.kept_runs < 1:
            raise ValueError("threads and kept_runs must be 1 or more")
        return settings

    @property
    def connection_config(self) -> dict[str, str]:
        """Configuration of every connection the checks open, as DuckDB takes it."""
        config = {"threads": str(self.threads), "memory_limit": self.memory_limit}
        if self.temp_directory:
            config["temp_directory"] = self.temp_directory
        return config
