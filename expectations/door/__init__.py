"""The door: hand-written checks on raw extracts that need more than one table or more than a row.

What a single column or key must satisfy follows from the contract and stands in
`expectations.contract_suites`. SQL stands in `expectations.domain`.
"""

from __future__ import annotations

from expectations.checks import CheckSpec
from expectations.door import books, documents, references


def checks() -> list[CheckSpec]:
    """List the hand-written checks of the door.

    Returns:
        Checks on the loader's books, on the ledger's documents, and on references.
    """
    return [*books.checks(), *documents.checks(), *references.checks()]
