"""What customers owe a second time: every document followed day by day, in pandas."""

from fractions import Fraction

import duckdb
import pandas as pd
import pytest

pytestmark = pytest.mark.xdist_group("service")

CUSTOMERS = 40


@pytest.fixture(scope="module")
def books(complete_home):
    """Documents and receipts in constant currency, and the mart, of some customers."""
    path = complete_home / "warehouse" / "key_accounts.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        chosen = connection.sql(  # noqa: F841 - read by DuckDB
            "select distinct customer_key from marts.fct_collections"
            f" order by hash(customer_key) limit {CUSTOMERS}"
        ).df()
        documents = connection.sql(
            """
            select
                lines.customer_key,
                lines.document_no,
                max(lines.document_date) as billed_on,
                max(invoices.due_date) as due_on,
                cast(sum(lines.net_revenue_constant_amount) as varchar) as amount
            from marts.fct_invoice_lines as lines
            inner join staging.stg_ledger__invoices as invoices using (document_no)
            inner join chosen using (customer_key)
            where lines.is_revenue and invoices.due_date is not null
            group by all
            """
        ).df()
        receipts = connection.sql(
            """
            select
                customer_key,
                document_no,
                received_date as paid_on,
                due_date as due_on,
                cast(received_constant_amount as varchar) as amount
            from marts.fct_receipts
            inner join chosen using (customer_key)
            where due_date is not null
            """
        ).df()
        first = connection.sql(
            "select min(reporting_month) from marts.fct_receipts where due_date is not null"
        ).fetchone()[0]
        found = connection.sql(
            "from marts.fct_collections inner join chosen using (customer_key)"
        ).df()
    for frame in (documents, receipts):
        frame["amount"] = frame["amount"].map(Fraction)
    begins = pd.Timestamp(first)
    return documents[documents.due_on >= begins], receipts[receipts.due_on >= begins], found


def owed_amount_days(moves, month_start, month_end):
    """Amounts by the days of a month they stood, from (day, amount) pairs, one by one."""
    total = Fraction(0)
    for day, amount in moves:
        stood = (month_end - max(day, month_start)).days
        total += amount * max(stood, 0)
    return total


def test_amount_days_are_those_of_every_document(books):
    documents, receipts, found = books
    assert len(receipts) > 100
    by_customer = {
        key: (
            [(row.billed_on, row.amount) for row in own.itertuples()],
            [(row.due_on, row.amount) for row in own.itertuples()],
        )
        for key, own in documents.groupby("customer_key")
    }
    paid = {
        key: (
            [(row.paid_on, -row.amount) for row in own.itertuples()],
            [(max(row.paid_on, row.due_on), -row.amount) for row in own.itertuples()],
        )
        for key, own in receipts.groupby("customer_key")
    }
    for row in found[found.is_closed_month].itertuples():
        start = row.reporting_month
        end = start + pd.offsets.MonthBegin(1)
        billed, due = by_customer[row.customer_key]
        received, settled = paid.get(row.customer_key, ([], []))
        case = f"{row.customer_key} {start:%Y-%m}"
        expected = owed_amount_days(billed + received, start, end)
        assert row.outstanding_amount_days == pytest.approx(float(expected), abs=0.01), case
        expected = owed_amount_days(due + settled, start, end)
        assert row.overdue_amount_days == pytest.approx(float(expected), abs=0.01), case


def test_amounts_are_those_of_the_month(books):
    documents, receipts, found = books
    for amounts, day, column in (
        (documents, "billed_on", "billed_amount"),
        (documents, "due_on", "due_amount"),
        (receipts, "paid_on", "received_amount"),
        (receipts[receipts.paid_on <= receipts.due_on], "due_on", "on_time_amount"),
    ):
        months = amounts[day].dt.to_period("M").dt.to_timestamp()
        expected = amounts.groupby([amounts.customer_key, months])["amount"].sum()
        for row in found.itertuples():
            amount = expected.get((row.customer_key, row.reporting_month), Fraction(0))
            assert getattr(row, column) == pytest.approx(float(amount), abs=0.001)
