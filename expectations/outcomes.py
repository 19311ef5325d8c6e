"""What came of a check: the seam between Great Expectations and everything that reads results.

The orchestrator, the command line and the release manifest know this type and nothing of Great
Expectations, so the engine behind the checks can be replaced.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from expectations.checks import Severity


@dataclass(frozen=True)
class Outcome:
    """Result of one check in one run.

    Attributes:
        check: Name of the check, unique within its table.
        schema: Schema of the table.
        table: Table the check is about.
        expectation: Expectation that tested it, in snake case.
        column: Column the check is about, where it is about one.
        severity: `critical`, `warning` or `info`; always `critical` where `error` is set, because
            a check that could not run has proven nothing.
        passed: True where the promise holds.
        error: Why the check could not run; None where it ran.
        description: The promise, as a sentence.
        action: What a person does when it is broken.
        metrics: Counts and observed values; empty for a check that passed.
        sample: Up to 20 offending rows, column to value; rows with a `load_file_id` also carry
            the `file_name`.
        docs: Page of the Data Docs that shows the check; empty where none was written.
    """

    check: str
    schema: str
    table: str
    expectation: str
    column: str | None
    severity: Severity
    passed: bool
    error: str | None
    description: str
    action: str
    metrics: dict[str, Any] = field(default_factory=dict)
    sample: list[dict[str, Any]] = field(default_factory=list)
    docs: str = ""

    @property
    def blocks(self) -> bool:
        """True where nothing may be built or published on top of this result."""
        return not self.passed and self.severity == "critical"

    def message(self) -> str:
        """Say in a few lines what is wrong, where, and what to do.

        Returns:
            Text for a terminal: the promise, the number of offending rows, up to three of them,
            and the remedy. One line for a check that passed.
        """
        where = f"{self.schema}.{self.table}"
        if self.passed:
            return f"{where}: {self.check} passed"
        if self.error:
            return f"{where}: {self.check} could not run: {self.error}\n  {self.action}"
        count = self.metrics.get("unexpected_count")
        rows = f" ({count:,} rows)" if isinstance(count, int) else ""
        lines = [f"{where}: {self.check} failed{rows}. {self.description}"]
        lines += [
            "  " + ", ".join(f"{name}={value}" for name, value in row.items() if value is not None)
            for row in self.sample[:3]
        ]
        return "\n".join([*lines, f"  {self.action}"])


def blocking(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Pick the outcomes that stop a run.

    Args:
        outcomes: Outcomes of any run.

    Returns:
        Failed critical checks and checks that could not run, in the order they came.
    """
    return [outcome for outcome in outcomes if outcome.blocks]
