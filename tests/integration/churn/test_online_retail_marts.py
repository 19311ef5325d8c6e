"""The published figures of a real ledger, which two authors agree on, come out of the marts."""

from decimal import Decimal

import pytest

pytestmark = pytest.mark.xdist_group("churn_real")

ACTIVE = [885, 741, 758, 974, 856, 1056, 991, 949, 935, 1266, 1364, 1664, 615]
FIRST_COHORT = [885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235]
COHORT_SIZES = [885, 417, 380, 452, 300, 284, 242, 188, 169, 299, 358, 323, 41]


def test_monthly_active_customers(real_marts):
    assert (
        real_marts.column(
            "select count(*) filter (where is_active) from marts.fct_customer_months"
            " group by reporting_month order by reporting_month"
        )
        == ACTIVE
    )


def test_first_cohort(real_marts):
    assert (
        real_marts.column(
            "select retained_count from marts.rpt_cohort_retention"
            " where cohort_month = '2010-12-01' order by months_since_first"
        )
        == FIRST_COHORT
    )


def test_cohort_sizes(real_marts):
    assert (
        real_marts.column(
            "select cohort_size from marts.rpt_cohort_retention where months_since_first = 0"
            " order by cohort_month"
        )
        == COHORT_SIZES
    )


def test_totals(real_marts):
    assert real_marts.rows(
        "select sum(gross_revenue), sum(order_count)::bigint,"
        " count(distinct customer_key) filter (where is_active) from marts.fct_customer_months"
    ) == [(Decimal("8911407.9040"), 18532, 4338)]


def test_open_month_has_counts_and_no_rates(real_marts):
    for mart, rate in (
        ("rpt_churn_month", "churn_rate"),
        ("rpt_cohort_retention", "retention_rate"),
        ("rpt_revenue_retention_windows", "gross_retention_rate"),
    ):
        open_months = real_marts.rows(
            f"select distinct strftime(reporting_month, '%Y-%m'), {rate} from marts.{mart}"
            " where not is_closed_month"
        )
        assert open_months == [("2011-12", None)], mart
    assert real_marts.rows(
        "select new_customer_count from marts.rpt_customer_bridge_month where not is_closed_month"
    ) == [(41,)]


def test_credit_only_customers_are_prospects(real_marts):
    """4,372 customers have a line; 34 of them never bought anything that qualifies."""
    assert real_marts.rows(
        "select count(*) from marts.fct_customer_months"
        " where reporting_month = '2011-12-01' and customer_state = 'prospect'"
    ) == [(34,)]
