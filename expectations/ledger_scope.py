"""Which months of the line fact a run at the window looks at: those that may have changed.

Only the line fact grows with the ledger. Comparing every month of it with raw costs a scan of every
line ever billed, month after month. So a run that passed remembers which files were current and
what each month of the fact summed up to. The next run looks at the months of every file that came
or went since, at every month whose sum is another, and at the last one. Without a memory of this
very warehouse, or after any check changed, it looks at all of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from expectations.checks import CheckSpec
from expectations.scope import fingerprint, recall, warehouse_birth

MEMORY_FILE = "window_passed.json"
FACT = ("marts", "fct_invoice_lines")
MONTH = "cast(date_trunc('month', invoices.document_date) as date)"
MONTHS_OF_FILES = f"""
    select distinct cast({MONTH} as varchar)
    from raw_ledger.invoices as invoices
    where invoices.load_file_id in ({{files}})

    union

    select distinct cast({MONTH} as varchar)
    from raw_ledger.invoices as invoices
    where invoices.document_no in (
        select document_no from raw_ledger.invoice_lines where load_file_id in ({{files}})
    )
"""
FACT_TOTALS = """
    select cast(reporting_month as varchar), count(*), cast(sum(net_amount) as varchar)
    from marts.fct_invoice_lines
    group by reporting_month
    order by reporting_month asc
"""
CURRENT_FILES = """
    select distinct file_id
    from staging.stg_loader__current_files
    where source_name = 'ledger' and table_name in ('invoices', 'invoice_lines')
    order by file_id asc
"""


@dataclass(frozen=True)
class LedgerScope:
    """Months of the line fact under test, and what to remember if they pass.

    Attributes:
        months: First days of the months (YYYY-MM-DD); None means all.
        memory: What the next run needs to know.
    """

    months: list[str] | None
    memory: dict[str, Any]

    def query(self, schema: str, table: str) -> str:
        """Write the query of a mart's rows under test.

        Args:
            schema: Schema of the mart.
            table: Mart.

        Returns:
            SQL without a semicolon.
        """
        whole = f"select * from {schema}.{table}"
        if self.months is None or (schema, table) != FACT:
            return whole
        listed = ", ".join(f"date '{month}'" for month in self.months)
        return f"{whole} where reporting_month in ({listed})"

    def remember(self, state: Path) -> None:
        """Keep the memory beside the results.

        Args:
            state: Folder of the checks' results.
        """
        (state / MEMORY_FILE).write_text(json.dumps(self.memory) + "\n", encoding="utf-8")


def read_ledger_scope(
    connection: duckdb.DuckDBPyConnection, state: Path, checks: Iterable[CheckSpec]
) -> LedgerScope | None:
    """Find the months that the window must look at.

    Args:
        connection: Connection to the warehouse.
        state: Folder of the checks' results, which holds the memory of the last run.
        checks: All checks of the window; if one changed since, every month is checked again.

    Returns:
        The scope, or None where the warehouse has no line fact to narrow.
    """
    try:
        totals = {m: [n, s] for m, n, s in connection.execute(FACT_TOTALS).fetchall()}
        files = [file_id for (file_id,) in connection.execute(CURRENT_FILES).fetchall()]
        birth = warehouse_birth(connection)
    except duckdb.Error:
        # The checks themselves will say what is missing.
        return None
    memory = {"birth": birth, "checks": fingerprint(checks), "files": files, "totals": totals}
    before = recall(state / MEMORY_FILE)
    if not totals or any(before.get(key) != memory[key] for key in ("birth", "checks")):
        return LedgerScope(None, memory)
    old_totals = before.get("totals", {})
    months = {m for m in {*totals, *old_totals} if totals.get(m) != old_totals.get(m)}
    months.add(max(totals))
    if changed := set(files) ^ set(before.get("files", [])):
        listed = ", ".join(str(file_id) for file_id in sorted(changed))
        found = connection.execute(MONTHS_OF_FILES.format(files=listed)).fetchall()
        months |= {month for (month,) in found if month is not None}
    return LedgerScope(sorted(months), memory)
