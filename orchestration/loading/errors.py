"""Errors of the loader. Every message says what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence


class ContractError(ValueError):
    """The contract YAML is not well formed."""


class MappingError(ValueError):
    """A mapping file is missing, not valid, or does not fit the contract."""


class FileProblem(ValueError):  # noqa: N818 - the word people read
    """One thing wrong with one file, or with the extracts folder as a whole.

    Attributes:
        message: What is wrong, where, and what to do, in one or a few sentences.
    """

    def __init__(self, message: str) -> None:
        """Keep the message."""
        super().__init__(message)
        self.message = message


class LoadError(RuntimeError):
    """A load was stopped. Files loaded before stay in raw; nothing else was changed.

    Attributes:
        problems: Every problem found, each a message of its own.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        """Join the problems into one message."""
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))
