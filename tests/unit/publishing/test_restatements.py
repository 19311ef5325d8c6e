"""What late data changed, between two releases made by hand."""

from datetime import date

import duckdb
import pytest

from orchestration.publishing.marts import Column, Mart
from orchestration.publishing.releases import Release
from orchestration.publishing.restatements import RESTATEMENTS_FILE, append_log, compare

MARTS = {
    "dim_months": Mart(
        "dim_months",
        (Column("reporting_month", "DATE"), Column("is_closed_month", "BOOLEAN")),
        ("reporting_month",),
    ),
    "rpt_churn_month": Mart(
        "rpt_churn_month",
        (
            Column("reporting_month", "DATE"),
            Column("lost_customer_count", "BIGINT"),
            Column("lost_margin", "DECIMAL(18,4)"),
            Column("churn_rate", "DOUBLE"),
        ),
        ("reporting_month",),
    ),
}
BEFORE = {1: (3, "10.5", 0.03), 2: (2, None, 0.02), 3: (0, "0", None)}


@pytest.fixture
def release(tmp_path):
    def make(name, months, closed, as_of="2024-03"):
        folder = tmp_path / name
        folder.mkdir()
        with duckdb.connect(str(folder / "key_accounts.duckdb")) as connection:
            connection.execute(
                "create table dim_months (reporting_month date, is_closed_month bool)"
            )
            connection.execute(
                "create table rpt_churn_month (reporting_month date, lost_customer_count bigint,"
                " lost_margin decimal(18, 4), churn_rate double)"
            )
            for month, figures in months.items():
                first = date(2024, month, 1)
                connection.execute("insert into dim_months values (?, ?)", [first, month <= closed])
                connection.execute(
                    "insert into rpt_churn_month values (?, ?, ?, ?)", [first, *figures]
                )
        known = {name: {"columns": [vars(c) for c in mart.columns]} for name, mart in MARTS.items()}
        return Release(name, folder, True, {"as_of_month": as_of, "marts": known})

    return make


def changes(summary):
    return [
        (one["key"]["reporting_month"], one["column"], one["before"], one["after"])
        for one in summary["changes"]
    ]


def test_counts_and_amounts_of_closed_months_are_named_with_both_values(release):
    before = release("0001", BEFORE, closed=2)
    after = release("0002", {1: (4, "10.5", 0.9), 2: (2, "7", 0.9), 3: (9, "9", 0.9)}, closed=3)
    summary = compare(after.path, before, MARTS, "2024-03")
    assert changes(summary) == [
        ("2024-01-01", "lost_customer_count", "3", "4"),
        ("2024-02-01", "lost_margin", None, "7.0000"),
    ]
    assert (summary["count"], summary["months"]) == (2, ["2024-01", "2024-02"])
    assert (summary["compared_with"], "reason" in summary) == ("0001", False)


def test_rows_that_come_or_go_are_named_as_rows(release):
    before = release("0001", BEFORE, closed=3)
    after = release("0002", BEFORE, closed=3)
    with duckdb.connect(str(after.duckdb_path)) as connection:
        connection.execute("delete from rpt_churn_month where reporting_month = '2024-02-01'")
    summary = compare(after.path, before, MARTS, "2024-03")
    assert changes(summary) == [("2024-02-01", "row", "present", None)]


def test_an_equal_release_restates_nothing(release):
    before, after = release("0001", BEFORE, closed=3), release("0002", BEFORE, closed=3)
    assert compare(after.path, before, MARTS, "2024-03")["count"] == 0


def test_an_earlier_month_reported_again_restates_nothing(release):
    before, after = release("0001", BEFORE, closed=3), release("0002", BEFORE, closed=1)
    assert compare(after.path, before, MARTS, "2024-01")["reason"] == "earlier_month"


def test_a_damaged_release_before_stops_nothing(release):
    before, after = release("0001", BEFORE, closed=3), release("0002", BEFORE, closed=3)
    before.duckdb_path.write_bytes(b"no database")
    assert compare(after.path, before, MARTS, "2024-03")["reason"] == "not_readable"


def test_the_log_grows_by_each_release_and_has_one_header(release, tmp_path):
    before = release("0001", BEFORE, closed=2)
    after = release("0002", BEFORE | {1: (4, "10.5", 0.0)}, closed=2)
    compare(after.path, before, MARTS, "2024-03")
    log = tmp_path / "restatements.csv"
    append_log(log, after.path, "0002")
    append_log(log, after.path, "0003")
    append_log(log, before.path, "0001")
    head, *rows = log.read_text("utf-8").splitlines()
    assert head == "release_id,reporting_month,mart,key,column,before,after"
    assert rows == [
        f"{name},2024-01,rpt_churn_month,,lost_customer_count,3,4" for name in ("0002", "0003")
    ]
    assert not (before.path / RESTATEMENTS_FILE).exists()
