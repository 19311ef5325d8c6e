"""What the archive of accounts says wrongly: fields that nobody brought up to date."""

import duckdb

from orchestration.sample.parameters import Window

STALE_SHARE = 0.4
# Of the stale ones, those that somebody put right in the end, and how many months before it.
CORRECTED_SHARE = 0.5
CORRECTED_MONTHS_BEFORE_END = 4
# The archive of those is looked at: the biggest, up to this place by size.
LARGEST_SIZE = 0.25


def build_stale_fields(connection: duckdb.DuckDBPyConnection, window: Window) -> None:
    """Create table `stale_fields`: accounts of which the archive still says what no longer holds.

    The ledger knows better. Accounts with a story of their own are left out, so that nothing but
    the field tells them from others.

    Args:
        connection: Connection with tables accounts and customers.
        window: Months covered.
    """
    corrected = window.month(window.months - CORRECTED_MONTHS_BEFORE_END)
    fields = ", ".join(
        f"""if(field_code = '{name}', (
            select min(others.{name}) from customers as others where others.{name} <> drawn.{name}
        ), null) as archive_{name}"""
        for name in ("region", "industry")
    )
    connection.execute(
        f"""
        create or replace table stale_fields as
        with drawn as (
            select
                cust_no, account_id, region, industry,
                if(uniform('stale field', cust_no, 0) < 0.5, 'region', 'industry') as field_code,
                if(uniform('stale until', cust_no, 0) < {CORRECTED_SHARE}, date '{corrected}', null)
                    as corrected_month,
            from accounts
            where part = 'steady' and size_u < {LARGEST_SIZE}
                and uniform('stale', cust_no, 0) < {STALE_SHARE}
        )
        select cust_no, account_id, field_code, corrected_month, {fields},
            if(field_code = 'region', region, industry) as ledger_value,
        from drawn
        """
    )
