"""The incremental line fact ends where a full refresh ends, in whatever order deliveries arrive."""

import duckdb
import pytest
from ledger_warehouse import Warehouse
from small_ledger import CORRECTION, MONTHS, write_small_ledger

MODELS = ("+int_customer_days", "+rpt_ledger_reconciliation", "+dim_customers")
COMPARED = (
    "marts.fct_invoice_lines",
    "intermediate.int_customer_code_days",
    "intermediate.int_customer_days",
    "marts.rpt_ledger_reconciliation",
    "marts.dim_customers",
)

pytestmark = pytest.mark.slow


def build(warehouse, *arguments):
    warehouse.dbt(
        "build", "--exclude-resource-type", "test", "unit_test", "--select", *MODELS, *arguments
    )


def contents(warehouse):
    return {table: sorted(map(repr, warehouse.rows(f"from {table}"))) for table in COMPARED}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small_ledger")
    return folder, write_small_ledger(folder)


@pytest.fixture(scope="module")
def full_warehouse(ledger, tmp_path_factory, dbt_target):
    """Everything loaded and built in one go: what every other way must end in."""
    folder, deliveries = ledger
    warehouse = Warehouse(tmp_path_factory.mktemp("full") / "home", dbt_target)
    warehouse.deliver(folder, [name for names in deliveries.values() for name in names])
    build(warehouse)
    return warehouse


@pytest.fixture(scope="module")
def at_once(full_warehouse):
    return contents(full_warehouse)


@pytest.fixture(scope="module")
def four_months(ledger, tmp_path_factory, dbt_target):
    """The four months before anything was corrected."""
    folder, deliveries = ledger
    warehouse = Warehouse(tmp_path_factory.mktemp("four") / "home", dbt_target)
    warehouse.deliver(folder, [name for month in MONTHS for name in deliveries[month]])
    build(warehouse)
    return warehouse


@pytest.mark.parametrize(
    "order",
    [
        (MONTHS[:3], MONTHS[3:], [CORRECTION]),
        (["2024-04"], ["2024-02"], [CORRECTION, "2024-01"], ["2024-03"]),
    ],
    ids=["in order", "out of order"],
)
def test_deliveries_in_any_order_end_in_the_same_marts(warehouse, ledger, at_once, order):
    folder, deliveries = ledger
    for batch in order:
        warehouse.deliver(folder, [name for delivery in batch for name in deliveries[delivery]])
        build(warehouse)

    assert contents(warehouse) == at_once


def test_the_scenario_moves_what_it_should(at_once):
    """Guards the comparison above: the marts it compares must hold the hard cases."""
    lines = "\n".join(at_once["marts.fct_invoice_lines"])
    assert "'D7'" not in lines  # withdrawn by the correction
    moved = (
        "('D6', 1, 'qualifying', True, True, 'C3', 'C3', 'P1', 'print', datetime.date(2024, 3, 1)"
    )
    assert moved in lines
    assert "('D1', 1, 'qualifying', True, True, 'C2', 'C1'" in lines  # absorbed in April
    assert "('D4', 1, 'internal', False, False, 'C4'" in lines
    assert "('W1', 1, 'write_off', False, False, None" in lines
    assert len([line for line in at_once["marts.fct_invoice_lines"] if "'D8'" in line]) == 2


def test_only_the_touched_months_are_built(four_months, ledger, tmp_path):
    folder, deliveries = ledger
    warehouse = four_months.copy(tmp_path / "home")
    latest = (
        "select strftime(reporting_month, '%Y-%m') from build_state.invoice_line_builds"
        " where build_number = (select max(build_number) from build_state.invoice_line_builds)"
        " order by 1"
    )
    assert [month for (month,) in warehouse.rows(latest)] == list(MONTHS)

    build(warehouse)
    assert warehouse.rows("select max(build_number) from build_state.invoice_line_builds") == [(1,)]

    # D6 moves from February to March and D7 disappears from February.
    warehouse.deliver(folder, deliveries[CORRECTION])
    build(warehouse)
    assert [month for (month,) in warehouse.rows(latest)] == ["2024-02", "2024-03"]


def test_a_build_that_died_is_repaired_by_the_next(four_months, ledger, at_once, tmp_path):
    """Engines without transactions over several statements can stop between them."""
    folder, deliveries = ledger
    warehouse = four_months.copy(tmp_path / "home")
    warehouse.deliver(folder, deliveries[CORRECTION])
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute(
            "delete from marts.fct_invoice_lines where reporting_month = date '2024-03-01'"
        )
    build(warehouse)
    assert contents(warehouse) == at_once


def test_an_earlier_state_of_knowledge_can_be_rebuilt_and_left(full_warehouse, at_once, tmp_path):
    warehouse = full_warehouse.copy(tmp_path / "home")
    build(warehouse, "--vars", "{known_on: '2024-03-01'}")
    last_month = "select max(reporting_month)::varchar from marts.fct_invoice_lines"
    assert warehouse.rows(last_month) == [("2024-02-01",)]
    withdrawn_later = "select count(*) from marts.fct_invoice_lines where document_no = 'D7'"
    assert warehouse.rows(withdrawn_later) == [(1,)]
    build(warehouse)
    assert contents(warehouse) == at_once
