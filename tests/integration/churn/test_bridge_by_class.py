"""The customer bridge of every class: its start, with who comes and goes, is its end."""

import pandas as pd
import pytest


def assert_identity(marts):
    rows = marts.rows(
        "select scheme, basis, reporting_month, customer_class, start_customer_count"
        " + new_customer_count + returned_customer_count + migrated_in_customer_count"
        " - migrated_out_customer_count - lost_customer_count - closed_customer_count,"
        " end_customer_count, start_customer_count"
        " from marts.rpt_customer_bridge_class_month order by all"
    )
    assert rows
    assert all(end == made for *_, made, end, _ in rows)
    ends = {(s, b, c, month): end for s, b, month, c, _, end, _ in rows}
    for scheme, basis, month, customer_class, _, _, start in rows:
        before = (pd.Timestamp(month) - pd.DateOffset(months=1)).date()
        if before.isoformat() >= min(key[3] for key in ends).isoformat():
            assert start == ends.get((scheme, basis, customer_class, before), 0)


# Beside the other tests of each warehouse, or it would be built twice.
@pytest.mark.xdist_group("churn_real")
def test_of_the_real_ledger(real_marts):
    assert_identity(real_marts)


@pytest.mark.xdist_group("churn_edge_cases")
def test_of_the_edge_cases(edge_case_marts):
    assert_identity(edge_case_marts)
