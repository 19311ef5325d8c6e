"""What was planted in the sample company, and what its classes make of it."""

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest


@pytest.fixture(scope="module")
def sample(complete_home):
    """Ask the warehouse, with the truth beside it."""

    def ask(query):
        path = complete_home / "warehouse" / "key_accounts.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(query.format(truth=complete_home / "truth")).fetchall()

    return ask


def test_false_big_customers_are_those_planted(sample):
    """Precision and recall are both one, a few quarters after the planting began to show."""
    found = sample(
        "select customer_key from marts.fct_key_account_qualifications where is_false_big"
        " and basis = 'as_known' and reporting_month = ("
        " select max(reporting_month) from marts.fct_key_account_qualifications) order by 1"
    )
    planted = sample(
        "select customer_code from read_csv('{truth}/false_big_customers.csv') order by 1"
    )
    assert planted
    assert found == planted


def test_what_was_known_differs_where_files_came_late_or_wrong(sample):
    """Nothing else moves a class: the months are those between a file's due day and its coming."""
    expected = set()
    for (file_name,) in sample(
        "select distinct file_name from read_csv('{truth}/extract_oddities.csv')"
        " where kind in ('late', 'corrected') and table_name in ('invoices', 'invoice_lines')"
    ):
        period, delivered = re.fullmatch(
            r"(\d{4}-\d{2})\..*delivered-(\d{4}-\d{2}-\d{2})", Path(file_name).name
        ).groups()
        month = _month_after(date.fromisoformat(f"{period}-01"))
        while _month_after(month) <= date.fromisoformat(delivered):
            expected.add((month,))
            month = _month_after(month)
    assert expected
    assert set(sample("select class_month from intermediate.int_late_amounts")) == expected


def _month_after(month):
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
