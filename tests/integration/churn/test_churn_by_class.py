"""Churn by class a second time, in pandas, by none of its own means."""

import pandas as pd
import pytest

pytestmark = pytest.mark.xdist_group("churn_real")

HORIZONS = {"month": 1, "quarter": 3, "trailing_year": 12}
NOT_LIVE = {"prospect", "defected_full", "closed_permanent"}


@pytest.fixture(scope="module")
def spine(real_marts):
    rows = real_marts.rows(
        "select customer_key, reporting_month, customer_state, net_revenue_t12"
        " from marts.fct_customer_months"
    )
    frame = pd.DataFrame(rows, columns=["customer", "month", "state", "revenue"])
    frame["month"] = pd.to_datetime(frame["month"]).dt.to_period("M")
    # Ten thousandths are the smallest unit: whole numbers add up exactly.
    frame["revenue"] = [max(int(amount * 10_000), 0) for amount in frame["revenue"]]
    return frame


@pytest.fixture(scope="module")
def classes(real_marts):
    rows = real_marts.rows(
        "select customer_key, scheme, reporting_month, class_as_known, class_restated"
        " from marts.fct_customer_classes"
    )
    frame = pd.DataFrame(rows, columns=["customer", "scheme", "month", "as_known", "restated"])
    frame["month"] = pd.to_datetime(frame["month"]).dt.to_period("M")
    return frame


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("basis", ["as_known", "restated"])
def test_full_defections_of_every_class(real_marts, spine, classes, horizon, basis):
    length = HORIZONS[horizon]
    at_start = spine[~spine["state"].isin(NOT_LIVE)].assign(month=lambda f: f["month"] + 1)
    lost = spine[spine["state"] == "defected_full"].assign(
        month=lambda f: f["month"] - (length - 1)
    )
    last_start = spine["month"].max() - (length - 1)
    whole = at_start[at_start["month"] <= last_start].merge(
        lost[["customer", "month"]].assign(is_lost=True), on=["customer", "month"], how="left"
    )
    whole["is_lost"] = whole["is_lost"].eq(True)
    joined = whole.merge(classes, on=["customer", "month"])
    expected = {}
    for key, group in joined.groupby(["scheme", basis, "month"]):
        gone = group[group["is_lost"]]
        end = str(key[2] + (length - 1))
        counts = (len(group), len(gone), int(group["revenue"].sum()), int(gone["revenue"].sum()))
        expected[key[0], key[1], end] = counts
    found = {
        (scheme, customer_class, month): (
            start,
            defected,
            int(revenue * 10_000),
            int(gone * 10_000),
        )
        for scheme, customer_class, month, start, defected, revenue, gone in real_marts.rows(
            "select scheme, customer_class, strftime(reporting_month, '%Y-%m'),"
            " start_customer_count, defected_customer_count, start_revenue, defected_revenue"
            " from marts.rpt_churn_by_class where scheme <> 'all' and defection_type = 'full'"
            f" and horizon = '{horizon}' and basis = '{basis}'"
        )
    }
    assert found == expected
    assert found


def test_rates_of_closed_months_divide_their_counts(real_marts):
    for start, defected, rate, closed in real_marts.rows(
        "select start_customer_count, defected_customer_count, churn_rate, is_closed_month"
        " from marts.rpt_churn_by_class"
    ):
        assert rate == (defected / start if closed and start else None)
