"""The same figures a second time, in pandas and from the raw files, by none of the models' means.

Money is counted in whole units of 0.001, the ledger's smallest, so that both sides are exact.
"""

import pandas as pd
import pytest
from real_ledger import read_lines

pytestmark = pytest.mark.xdist_group("churn_real")

# Neither fiscal year has enough ledger before it: the policy's default rules throughout.
DEFAULT_THRESHOLD_DAYS = 180
DATA_END = pd.Timestamp("2011-12-09")


@pytest.fixture(scope="module")
def lines(online_retail):
    return read_lines(online_retail)


@pytest.fixture(scope="module")
def purchases(lines):
    return lines[lines["is_purchase"]]


@pytest.fixture(scope="module")
def revenue(lines):
    """Net revenue in thousandths: a row a customer, a column a month, zero where nothing moved."""
    return lines.pivot_table(
        index="customer", columns="month", values="amount", aggfunc="sum", fill_value=0
    )


def test_monthly_actives(real_marts, purchases):
    expected = purchases.groupby("month")["customer"].nunique().tolist()
    assert expected == real_marts.column(
        "select count(*) filter (where is_active) from marts.fct_customer_months"
        " group by reporting_month order by reporting_month"
    )


def test_every_cohort_cell(real_marts, purchases):
    first = purchases.groupby("customer")["month"].min().rename("cohort")
    active = purchases[["customer", "month"]].drop_duplicates().join(first, on="customer")
    cells = active.groupby(["cohort", "month"]).size()
    last = purchases.groupby("customer")["month"].max()
    months = sorted(purchases["month"].unique())
    expected = {
        (str(cohort), str(month)): (
            int(cells.get((cohort, month), 0)),
            int((last[first == cohort] >= month).sum()),
        )
        for cohort in months
        for month in months
        if month >= cohort
    }
    found = {
        (cohort, month): (retained, retained_or_later)
        for cohort, month, retained, retained_or_later in real_marts.rows(
            "select strftime(cohort_month, '%Y-%m'), strftime(reporting_month, '%Y-%m'),"
            " retained_count, retained_or_later_count from marts.rpt_cohort_retention"
        )
    }
    assert found == expected


@pytest.mark.parametrize("window", [1, 3])
def test_revenue_retention(real_marts, revenue, window):
    months = list(revenue.columns)
    expected = {}
    for index, month in enumerate(months):
        if index + 1 < 2 * window:
            continue
        start = revenue[months[index + 1 - 2 * window : index + 1 - window]].sum(axis=1)
        end = revenue[months[index + 1 - window : index + 1]].sum(axis=1)[start > 0]
        start = start[start > 0]
        kept = end.clip(lower=0)
        closed = month != months[-1]
        gross = int(kept.where(kept < start, start).sum())
        expected[str(month)] = (
            len(start),
            int(start.sum()),
            int(kept.sum()),
            gross,
            gross / int(start.sum()) if closed else None,
            int(kept.sum()) / int(start.sum()) if closed else None,
        )
    found = {
        month: (count, int(start * 1000), int(end * 1000), int(gross * 1000), gross_rate, net_ratio)
        for month, count, start, end, gross, gross_rate, net_ratio in real_marts.rows(
            "select strftime(reporting_month, '%Y-%m'), start_customer_count, start_amount,"
            " end_amount, start_amount - contraction_amount - churned_amount,"
            " gross_retention_rate, net_retention_ratio from marts.rpt_revenue_retention_windows"
            f" where window_months = {window} and start_amount is not null"
        )
    }
    assert {month: row[:4] for month, row in found.items()} == {
        month: row[:4] for month, row in expected.items()
    }
    for month, row in expected.items():
        assert found[month][4:] == pytest.approx(row[4:], abs=1e-15), month


def test_a_year_is_too_short_for_the_trailing_year(real_marts):
    assert real_marts.rows(
        "select count(start_amount), count(gross_retention_rate), count(*)"
        " from marts.rpt_revenue_retention"
    ) == [(0, 0, 13)]


def test_bridge_and_churn_rate(real_marts, purchases):
    """Lost while more than 180 days have passed since the last purchase, counted month by month."""
    days = purchases.drop_duplicates(["customer", "day"]).sort_values("day")
    live_before: set[str] = set()
    known_before: set[str] = set()
    expected = {}
    for month in sorted(purchases["month"].unique()):
        judged_on = min(month.end_time.normalize(), DATA_END)
        last = days[days["day"] <= judged_on].groupby("customer")["day"].max()
        silence = (judged_on - last).dt.days
        live = set(silence[silence <= DEFAULT_THRESHOLD_DAYS].index)
        known = set(last.index)
        new = known - known_before
        lost = live_before - live
        rate = len(lost) / len(live_before) if live_before and month.end_time < DATA_END else None
        returned = live - live_before - new
        counts = (len(group) for group in (live_before, new, returned, lost, live))
        expected[str(month)] = (*counts, rate)
        live_before, known_before = live, known
    found = {
        month: tuple(values)
        for month, *values in real_marts.rows(
            "select strftime(bridge.reporting_month, '%Y-%m'), bridge.start_customer_count,"
            " new_customer_count, returned_customer_count, bridge.lost_customer_count,"
            " end_customer_count, churn_rate from marts.rpt_customer_bridge_month as bridge"
            " inner join marts.rpt_churn_month as churn"
            " on bridge.reporting_month = churn.reporting_month"
        )
    }
    assert found == expected
