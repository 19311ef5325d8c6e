"""The director's page a second time, in pandas, over the real ledger and over the edge cases."""

import pandas as pd
import pytest
from spine import read_classes, read_spine

SCHEME = "abcd"
HORIZONS = {"month": 1, "trailing_year": 12}


def churn(spine, classes, month):
    """Counts of full churn that ends in a month, by measure and class."""
    found = {}
    for horizon, length in HORIZONS.items():
        start = month - length + 1
        there = spine[spine["was_live"] & (spine["month"] == start)].merge(
            classes[["customer", "month", SCHEME]], on=["customer", "month"]
        )
        gone = set(
            spine["customer"][(spine["month"] == month) & (spine["state"] == "defected_full")]
        )
        for scheme, group in [("all", None), (SCHEME, SCHEME)]:
            names = there[group] if group else pd.Series("all", index=there.index)
            for name, own in there.groupby(names):
                lost = int(own["customer"].isin(gone).sum())
                key = (f"{horizon}_full_churn_rate", scheme, name)
                found[key] = (lost / len(own), lost, len(own))
    return found


def bridge(spine, month):
    """Customers that came and went in a month, and who was there before and after."""
    own = spine[spine["month"] == month]
    is_new = own["first_month"] == month
    parts = {
        "start": own["was_live"],
        "new": is_new,
        "returned": ~own["was_live"] & ~is_new & own["is_live"],
        "lost": (own["was_live"] | is_new) & (own["state"] == "defected_full"),
        "closed": (own["was_live"] | is_new) & (own["state"] == "closed_permanent"),
        "end": own["is_live"],
    }
    return {
        (f"{part}_customer_count", "all", "all"): (int(rows.sum()), int(rows.sum()), None)
        for part, rows in parts.items()
    }


def losses(marts, month):
    """What was detected in a month, one episode at a time."""
    rows = marts.rows(
        "select defection_type, lost_revenue_t12, is_gradual, escalated_on is not null"
        f" from marts.fct_defections where strftime(detected_on, '%Y-%m') = '{month}'"
    )
    if not rows:
        return {}
    full = sum(kind == "full" for kind, *_ in rows)
    escalated = sum(later for *_, later in rows)
    gradual = sum(bool(slow) for _, _, slow, _ in rows)
    revenue = [amount for _, amount, _, _ in rows if amount is not None]
    lost = float(sum(revenue)) if revenue else None
    return {
        ("full_defection_count", "all", "all"): (full, full, None),
        ("partial_defection_count", "all", "all"): (len(rows) - full, len(rows) - full, None),
        ("lost_revenue_t12", "all", "all"): (lost, lost, None),
        ("escalated_share", "all", "all"): (escalated / full if full else None, escalated, full),
        ("gradual_share", "all", "all"): (gradual / len(rows), gradual, len(rows)),
    }


def assert_board(marts):
    month = pd.Period(
        marts.column("select max(reporting_month) from marts.dim_months where is_closed_month")[0],
        "M",
    )
    spine = read_spine(marts)
    classes, _ = read_classes(marts, "as_known")

    def figures(of_month):
        if of_month < spine["month"].min():
            return {}
        churned = churn(spine, classes, of_month)
        return churned | bridge(spine, of_month) | losses(marts, of_month)

    now, month_before, year_before = figures(month), figures(month - 1), figures(month - 12)
    board = {
        tuple(key): figure
        for *key, figure in marts.rows(
            "select measure, scheme, customer_class, [figure_value, numerator, denominator,"
            " previous_month_value, previous_year_value, change_on_month, change_on_year]"
            " from marts.rpt_defection_board"
        )
    }
    assert len(now) > 10
    for key, expected in now.items():
        value, numerator, denominator, before, earlier, on_month, on_year = board[key]
        assert (value, numerator, denominator) == expected, key
        for other, found, change in (
            (month_before, before, on_month),
            (year_before, earlier, on_year),
        ):
            assert found == other.get(key, (None,))[0], key
            assert change == (None if None in {found, value} else value - found)
    shown = {key for key in board if key[0] in {name for name, *_ in now}}
    assert {key for key in shown if key[1] in {"all", SCHEME}} == set(now)


@pytest.mark.xdist_group("churn_real")
def test_of_the_real_ledger(real_marts):
    assert_board(real_marts)


@pytest.mark.xdist_group("churn_edge_cases")
def test_of_the_edge_cases(edge_case_marts):
    assert_board(edge_case_marts)
