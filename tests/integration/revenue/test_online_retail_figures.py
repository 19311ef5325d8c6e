"""A real ledger, loaded from its thirteen files, gives the figures others published about it.

The figures are those of data/README.md; two independent authors agree on them.
"""

from decimal import Decimal

import pytest
from ledger_warehouse import ROOT, Warehouse

DATA = ROOT.parent / "shared" / "data" / "online_retail"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"needs the Online Retail ledger in {DATA}"),
]

MONTHLY_ACTIVE = [885, 741, 758, 974, 856, 1056, 991, 949, 935, 1266, 1364, 1664, 615]
FIRST_COHORT = [885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235]
COHORT_SIZES = [885, 417, 380, 452, 300, 284, 242, 188, 169, 299, 358, 323, 41]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory, dbt_target):
    warehouse = Warehouse(tmp_path_factory.mktemp("online_retail") / "home", dbt_target)
    files = sorted(path.name for path in DATA.glob("*.csv.gz"))
    warehouse.deliver(DATA, files, mapping="online_retail")
    warehouse.dbt(
        "build", "--exclude-resource-type", "test", "unit_test",
        "--select", "+int_customer_days", "+rpt_ledger_reconciliation", "+dim_customers",
        "+dim_months",
    )  # fmt: skip
    return warehouse


def test_qualifying_lines_orders_customers_and_revenue(ledger):
    assert ledger.rows(
        "select count(*), count(distinct customer_key), count(distinct document_no),"
        " sum(net_revenue_amount)"
        " from marts.fct_invoice_lines where is_qualifying"
    ) == [(397_884, 4_338, 18_532, Decimal("8911407.9040"))]


def test_customer_days_keep_the_orders_and_the_revenue(ledger):
    assert ledger.rows(
        "select sum(order_count), sum(gross_revenue),"
        " count(distinct customer_key) filter (is_purchase_day)"
        " from intermediate.int_customer_days"
    ) == [(18_532, Decimal("8911407.9040"), 4_338)]


def test_monthly_active_customers(ledger):
    active = ledger.rows(
        "select count(distinct customer_key) from intermediate.int_customer_days"
        " where is_purchase_day"
        " group by reporting_month order by reporting_month"
    )
    assert [count for (count,) in active] == MONTHLY_ACTIVE


def test_cohort_sizes_and_the_first_cohort(ledger):
    sizes = ledger.rows(
        "select count(*) from marts.dim_customers where first_purchase_month is not null"
        " group by first_purchase_month order by first_purchase_month"
    )
    assert [count for (count,) in sizes] == COHORT_SIZES
    cohort = ledger.rows(
        "select count(distinct customer_key) from intermediate.int_customer_days"
        " inner join marts.dim_customers using (customer_key)"
        " where is_purchase_day and first_purchase_month = date '2010-12-01'"
        " group by reporting_month order by reporting_month"
    )
    assert [count for (count,) in cohort] == FIRST_COHORT


def test_every_line_is_accounted_for(ledger):
    by_class = {
        row[0]: row[1:]
        for row in ledger.rows(
            "select line_class, sum(line_count)::bigint, sum(document_count)::bigint,"
            " sum(net_amount)"
            " from marts.rpt_ledger_reconciliation group by line_class"
        )
    }
    assert by_class == {
        "qualifying": (397_884, 18_532, Decimal("8911407.9040")),
        "cash_sale": (132_219, 1_427, Decimal("1744214.5800")),
        "credit_note": (9_288, 3_836, Decimal("-896812.4900")),
        "write_off": (1_336, 1_336, Decimal("0.0000")),
        "zero_price": (1_179, 819, Decimal("0.0000")),
        "adjustment": (3, 3, Decimal("-11062.0600")),
    }
    assert ledger.rows(
        "select sum(line_count)::bigint, sum(net_amount), sum(customerless_line_count)::bigint,"
        " sum(customerless_amount) from marts.rpt_ledger_reconciliation"
    ) == [(541_909, Decimal("9747747.9340"), 135_080, Decimal("1447682.1200"))]


def test_duplicates_are_counted_and_kept(ledger):
    """5,268 records repeat another; three differ only where the contract does not look."""
    assert ledger.rows(
        "select sum(duplicate_count)::bigint from staging.stg_loader__current_files"
        " where table_name = 'invoice_lines'"
    ) == [(5_268,)]
    assert ledger.rows(
        "select sum(duplicate_line_count)::bigint from marts.rpt_ledger_reconciliation"
    ) == [(5_271,)]


def test_only_the_last_month_is_open(ledger):
    months = ledger.rows("select is_closed_month from marts.dim_months order by reporting_month")
    assert [closed for (closed,) in months] == [True] * 12 + [False]
