"""The revenue bridge of the edge cases, whose prices are known; a ledger that knows no costs."""

from decimal import Decimal

import pytest


@pytest.mark.xdist_group("churn_edge_cases")
def test_a_price_cut_is_price_and_a_dropped_product_is_volume(edge_case_marts):
    """SPENDS_LESS pays 100 for what cost 1,000; DROPPED_TOOLS buys one product of two."""
    rows = edge_case_marts.rows(
        "select customer_key, movement, start_amount, end_amount, price_effect"
        " from intermediate.int_revenue_movements where reporting_month = '2023-12-01'"
        " and customer_key in ('SPENDS_LESS', 'DROPPED_TOOLS') order by customer_key"
    )
    assert rows == [
        ("DROPPED_TOOLS", "contracted", Decimal(2400), Decimal(1200), Decimal(0)),
        ("SPENDS_LESS", "contracted", Decimal(12000), Decimal(1200), Decimal(-10800)),
    ]
    assert edge_case_marts.rows(
        "select contraction_price_amount, expansion_price_amount, price_coverage_share"
        " from marts.rpt_revenue_bridge where reporting_month = '2023-12-01'"
    ) == [(Decimal(-10800), Decimal(0), 1.0)]


@pytest.mark.xdist_group("churn_edge_cases")
def test_bridge_is_the_net_retention(edge_case_marts):
    rows = edge_case_marts.rows(
        "select bridge.start_amount, bridge.end_amount, bridge.net_retention_ratio,"
        " bridge.contraction_price_amount + bridge.contraction_volume_amount,"
        " bridge.churn_amount, retention.start_amount, retention.end_amount,"
        " retention.net_retention_ratio, -retention.contraction_amount,"
        " -retention.churned_amount"
        " from marts.rpt_revenue_bridge as bridge"
        " inner join marts.rpt_revenue_retention as retention"
        " on bridge.reporting_month = retention.reporting_month"
    )
    assert sum(row[0] is not None for row in rows) == 13
    assert all(row[:5] == row[5:] for row in rows)


@pytest.mark.xdist_group("churn_real")
def test_two_years_are_more_than_the_real_ledger_has(real_marts):
    assert real_marts.rows(
        "select count(*), count(start_amount), count(price_ratio) from marts.rpt_revenue_bridge"
    ) == [(13, 0, 0)]


@pytest.mark.xdist_group("churn_real")
def test_no_costs_no_contribution(real_marts):
    """Neither cost, nor CRM, nor receipts: nothing is made up for them."""
    assert real_marts.rows(
        "select count(margin_t12_amount), count(cost_to_serve_t12_amount),"
        " count(bad_debt_t12_amount), count(contribution_t12_amount), count(clv_residual_amount),"
        " bool_or(is_service_known or is_bad_debt_known) from marts.fct_contributions"
    ) == [(0, 0, 0, 0, 0, False)]
