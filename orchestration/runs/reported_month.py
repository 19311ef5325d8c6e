"""Whether the month a run was asked to report has data at all, and since when it could be told."""

from datetime import date

import duckdb

_LEDGER_MONTHS = """
    select strftime(min(document_date), '%Y-%m'), strftime(max(document_date), '%Y-%m')
    from raw_ledger.invoices
"""

# Of each period the first delivery: a correction makes nobody wait.
_FIRST_DELIVERIES = """
    select greatest(max(known_from), date_trunc('month', $month::date) + interval 1 month)::date
    from (
        select min(known_from) as known_from
        from raw_meta.extract_files
        where
            source_name = 'ledger'
            and table_name in ('invoices', 'invoice_lines')
            and status in ('loaded', 'superseded')
            and (period_start is null or period_start <= last_day($month::date))
        group by table_name, period_start, period_end
    ) as first_deliveries
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


def first_day_known(connection: duckdb.DuckDBPyConnection, month: str) -> date:
    """Return the first day on which a month could be reported without a gap in the ledger.

    That is the day after the month, or later where documents of it, or of a month before it, were
    delivered later than that.

    Args:
        connection: Warehouse, after loading.
        month: Month reported, YYYY-MM.
    """
    row = connection.execute(_FIRST_DELIVERIES, {"month": f"{month}-01"}).fetchone()
    assert row is not None  # an aggregate without groups has one row
    day: date = row[0]
    return day
