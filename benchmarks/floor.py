"""The floor under a run: the same files into typed tables and one sum by customer and month.

    python benchmarks/floor.py <extracts folder, CSV or Parquet> <new DuckDB file>

Bare DuckDB, one statement a table and one for the sum; nothing is checked, corrected, kept beside
or published. Whoever loads all of these files cannot be faster, so a run's time divided by this
one's is what everything it promises costs.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

MEMORY = "4GB"
# The flat ledger of the benchmarks names its columns as its source does.
FLAT = """
    create table customer_months as
    select
        "CustomerID" as customer_code,
        date_trunc('month', "InvoiceDate") as reporting_month,
        count(distinct "InvoiceNo") as document_count,
        sum("Quantity" * cast("UnitPrice" as decimal(18, 4))) as net_amount
    from lines
    group by all
"""
SPLIT = """
    create table customer_months as
    select
        invoices.customer_code,
        date_trunc('month', invoices.document_date) as reporting_month,
        count(distinct invoices.document_no) as document_count,
        sum(cast(invoice_lines.net_amount as decimal(18, 4))) as net_amount
    from invoice_lines
    inner join invoices on invoice_lines.document_no = invoices.document_no
    group by all
"""


def main() -> None:
    """Load the folder named on the command line and make the sum."""
    extracts, file = map(Path, sys.argv[1:3])
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"set memory_limit = '{MEMORY}'")
        tables = {path.name: path for path in sorted(extracts.glob("*/*")) if path.is_dir()}
        for name, folder in (tables or {"lines": extracts}).items():
            connection.execute(f"create table {name} as select * from {source(folder)}")
        connection.execute(SPLIT if tables else FLAT)
        found = connection.execute("select count(*) from customer_months").fetchone()
    print(f"{found[0] if found else 0} customer-months")


def source(folder: Path) -> str:
    """Return the SQL that reads a table's files, whichever of the two kinds its folder holds."""
    if any(folder.glob("*.parquet")):
        return f"read_parquet('{folder}/*.parquet', union_by_name = true)"
    return f"read_csv('{folder}/*.csv*', union_by_name = true)"


if __name__ == "__main__":
    main()
