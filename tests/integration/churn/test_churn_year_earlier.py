"""Churn by the core class of a year before the period, a second time in pandas."""

import pytest
from spine import read_classes, read_spine

pytestmark = pytest.mark.xdist_group("churn_edge_cases")

HORIZONS = {"month": 1, "quarter": 3, "trailing_year": 12}


@pytest.fixture(scope="module")
def year_earlier(edge_case_marts):
    """Everybody live at the start of a month with its core class of a year before."""
    return classed_a_year_earlier(edge_case_marts)


def classed_a_year_earlier(marts):
    spine = read_spine(marts)
    classes, _ = read_classes(marts, "as_known")
    earlier = classes.assign(month=classes["month"] + 12)[["customer", "month", "core"]]
    live = spine[spine["was_live"] & (spine["month"] >= earlier["month"].min())]
    live = live.merge(earlier, on=["customer", "month"], how="left")
    return spine, live.assign(core=live["core"].fillna("none"))


@pytest.mark.parametrize("horizon", HORIZONS)
def test_full_defections_by_the_core_class_of_a_year_earlier(
    edge_case_marts, year_earlier, horizon
):
    spine, live = year_earlier
    ends = live.assign(month=live["month"] + HORIZONS[horizon] - 1)
    ends = ends[ends["month"] <= spine["month"].max()]
    after = spine[["customer", "month", "state"]].rename(columns={"state": "state_after"})
    ends = ends.merge(after, on=["customer", "month"], how="left")
    ends["gone"] = ends["state_after"].eq("defected_full")
    grouped = ends.groupby(["month", "core"])["gone"].agg(["size", "sum"])
    expected = {(str(month), core): tuple(row) for (month, core), row in grouped.T.items()}
    found = {
        (month, customer_class): (start, gone)
        for month, customer_class, start, gone in edge_case_marts.rows(
            "select strftime(reporting_month, '%Y-%m'), customer_class, start_customer_count,"
            " defected_customer_count from marts.rpt_churn_by_class where basis = 'year_earlier'"
            f" and defection_type = 'full' and horizon = '{horizon}'"
        )
    }
    assert expected
    assert found == expected
