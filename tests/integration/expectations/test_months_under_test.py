"""The window looks at the months of the line fact that may have changed, and at no fewer."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from expectations.ledger_scope import read_ledger_scope
from expectations.registry import window_checks

CHECKS = window_checks()
LAST = "2024-03-01"


@pytest.fixture
def passed(clean_warehouse: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A warehouse whose window was passed once, and the folder that remembers it."""
    path = Path(shutil.copy2(clean_warehouse, tmp_path))
    with duckdb.connect(str(path)) as connection:
        scope = read_ledger_scope(connection, tmp_path, CHECKS)
        assert scope.months is None
        scope.remember(tmp_path)
    return path, tmp_path


def months_after(passed: tuple[Path, Path], sql: str) -> list[str] | None:
    path, state = passed
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)
        return read_ledger_scope(connection, state, CHECKS).months


def test_nothing_new_leaves_the_last_month(passed):
    assert months_after(passed, "select 1") == [LAST]


def test_a_changed_sum_brings_its_month_back(passed):
    changed = "update marts.fct_invoice_lines set net_amount = 0 where document_no = 'D1'"
    assert months_after(passed, changed) == ["2024-01-01", LAST]


def test_a_vanished_month_is_under_test(passed):
    gone = "delete from marts.fct_invoice_lines where reporting_month = date '2024-02-01'"
    assert months_after(passed, gone) == ["2024-02-01", LAST]


def test_a_replaced_file_brings_the_months_of_its_rows_back(passed):
    replaced = (
        "update raw_meta.extract_files set status = 'superseded'"
        " where table_name = 'invoices' and file_id = 1;"
        "update raw_meta.extract_files set status = 'superseded'"
        " where table_name = 'invoice_lines' and file_id = 1;"
    )
    assert months_after(passed, replaced) == ["2024-01-01", LAST]


def test_new_lines_of_old_documents_bring_their_month_back(passed):
    added = """
        insert into raw_meta.extract_files by name
        select 12 as file_id, 'ledger' as source_name, 'invoice_lines' as table_name,
            'loaded' as status;
        insert into raw_ledger.invoice_lines by name
        select 'D3' as document_no, 2 as line_no, 1 as net_amount, 12 as load_file_id;
    """
    # The month a replaced version of D3 was dated in may be looked at too.
    assert {"2024-02-01", LAST} <= set(months_after(passed, added) or [])


def test_another_warehouse_is_checked_whole(passed):
    other = "update raw_meta.load_batches set started_at = timestamp '2030-01-01'"
    assert months_after(passed, other) is None


def test_only_the_line_fact_is_narrowed(passed):
    path, state = passed
    with duckdb.connect(str(path)) as connection:
        scope = read_ledger_scope(connection, state, CHECKS)
        narrowed = scope.query("marts", "fct_invoice_lines")
        assert connection.execute(f"select count(*) from ({narrowed})").fetchone() == (2,)
        assert scope.query("marts", "dim_months") == "select * from marts.dim_months"


def test_without_a_line_fact_nothing_is_narrowed(tmp_path):
    with duckdb.connect() as connection:
        assert read_ledger_scope(connection, tmp_path, CHECKS) is None
