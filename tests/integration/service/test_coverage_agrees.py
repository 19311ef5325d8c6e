"""What reports say is known of their customers is what rpt_data_coverage says."""

import duckdb
import pandas as pd
import pytest

pytestmark = pytest.mark.xdist_group("service")

QUERIES = {
    "coverage": "from marts.rpt_data_coverage",
    "classes": """
        select reporting_month, min(class_coverage_share) as low, max(class_coverage_share) as high
        from marts.rpt_churn_by_class
        where scheme = 'core' and basis = 'as_known' and horizon = 'month'
            and defection_type = 'full'
        group by reporting_month
    """,
    "satisfied": "from marts.rpt_satisfied_defectors",
    "months": "from marts.dim_months",
    "bridge": "from marts.rpt_customer_bridge_month",
}


def read_tables(path) -> dict[str, pd.DataFrame]:
    """Read the coverage and the reports that have one of their own."""
    with duckdb.connect(str(path), read_only=True) as connection:
        found = {name: connection.sql(query).df() for name, query in QUERIES.items()}
    found["by_input"] = {
        name: rows.set_index("reporting_month") for name, rows in found["coverage"].groupby("input")
    }
    return found


@pytest.fixture(scope="module")
def tables(complete_home):
    return read_tables(complete_home / "warehouse" / "key_accounts.duckdb")


def test_every_month_has_a_row_for_every_input(tables):
    months = set(tables["months"]["reporting_month"])
    assert len(tables["by_input"]) == 9
    for rows in tables["by_input"].values():
        assert set(rows.index) == months
        assert (rows["customer_coverage_share"].isna() == (rows["customer_count"] == 0)).all()


def test_customers_are_those_at_the_start_of_the_month(tables):
    start = tables["bridge"].set_index("reporting_month")["start_customer_count"]
    for name, rows in tables["by_input"].items():
        if name != "cause":
            assert (rows["customer_count"] == start.reindex(rows.index)).all(), name


def test_classes_are_known_of_those_churn_is_told_by(tables):
    rows = tables["by_input"]["class"]
    told = tables["classes"].set_index("reporting_month")
    assert len(told) > 10
    share = rows["customer_coverage_share"].reindex(told.index)
    assert told["low"].tolist() == pytest.approx(share.tolist(), nan_ok=True)
    assert told["high"].tolist() == pytest.approx(share.tolist(), nan_ok=True)


def test_causes_are_asked_of_the_same_losses_as_opinions(tables):
    lost = tables["satisfied"].set_index("reporting_month")["lost_customer_count"]
    count = tables["by_input"]["cause"]["customer_count"]
    assert (lost == count.reindex(lost.index)).all()
    assert lost.sum() > 0
