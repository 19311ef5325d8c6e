"""What is most likely to differ between the engines, in the minutes that every change can wait."""

from types import SimpleNamespace

import duckdb
import pytest
from late_changes import CHANGED_MONTHS
from selected_on_duckdb import build_selected
from spark_marts import Pair, read_back
from two_builds import build_twice, setting

pytestmark = pytest.mark.slow

# The incremental fact, whose second build deletes, appends and merges.
FIRST = ["+fct_invoice_lines"]
# Back to the ledger to the cent; states, thresholds and classes of customers, and churn by them;
# shares of wallet and their movement; failures counted, with exact intervals and control limits.
SECOND = ["+rpt_ledger_reconciliation", "+rpt_churn_by_class", "+rpt_sow_movement_month"]
SECOND += ["+rpt_failure_frequency_month"]
MARTS = {
    "dim_customers",
    "dim_months",
    "fct_customer_classes",
    "fct_customer_months",
    "fct_deliveries",
    "fct_failures",
    "fct_invoice_lines",
    "fct_receipts",
    "fct_touchpoints",
    "rpt_churn_by_class",
    "rpt_failure_frequency_month",
    "rpt_ledger_reconciliation",
    "rpt_sow_movement_month",
}


@pytest.fixture(scope="module")
def built(sample):
    home = sample.home.prepare()
    marts = build_selected(home, SECOND)
    builds = build_twice(home, FIRST, SECOND)
    found = read_back(home.spark.root / "read_back", marts)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home.warehouse}' as warehouse (read_only)")
        pairs = {
            name: Pair(connection, f'warehouse.marts."{name}"', relation, tuple(marts[name].key))
            for name, relation in found.items()
        }
        yield SimpleNamespace(pairs=pairs, builds=builds)


def test_the_selected_marts_are_the_same_row_by_row_and_type_by_type(built):
    assert set(built.pairs) == MARTS
    differences = {name: pair.differences() for name, pair in built.pairs.items()}
    assert {name: found for name, found in differences.items() if found} == {}


def test_the_second_build_made_changed_months_anew_and_no_others(built):
    first, second = built.builds
    assert len(first) > 30
    assert second == CHANGED_MONTHS


@pytest.mark.usefixtures("built")
def test_what_overflows_or_cannot_be_cast_stopped_the_build():
    assert setting("spark.sql.ansi.enabled") == "true"


def test_the_comparison_is_of_something(built):
    rows = {name: pair.rows() for name, pair in built.pairs.items()}
    assert all(rows.values()), rows
    assert rows["fct_invoice_lines"] > 10_000
