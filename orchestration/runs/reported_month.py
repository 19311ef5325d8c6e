"""Whether the month a run was asked to report has data at all."""

import duckdb

_LEDGER_MONTHS = """
    select strftime(min(document_date), '%Y-%m'), strftime(max(document_date), '%Y-%m')
    from raw_ledger.invoices
"""


def month_problem(connection: duckdb.DuckDBPyConnection, as_of: str | None) -> str | None:
    """Say why a month cannot be reported, or return None where it can.

    A month after the last document would be published as one in which nobody bought anything.

    Args:
        connection: Warehouse, after loading.
        as_of: Month asked for, YYYY-MM; None asks for the last with data.
    """
    row = connection.execute(_LEDGER_MONTHS).fetchone()
    first, last = row if row is not None else (None, None)
    if as_of is None or last is None or first <= as_of <= last:
        return None
    return (
        f"There are no documents of {as_of}: the ledger reaches from {first} to {last}."
        " Deliver that month's extracts, or ask for a month within with --as-of."
    )
