"""The shape of a truth table."""

from typing import NamedTuple


class TruthTable(NamedTuple):
    """One truth table.

    Attributes:
        name: File name without extension.
        description: What one row is.
        query: Its rows, in a fixed order.
    """

    name: str
    description: str
    query: str
