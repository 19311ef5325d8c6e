"""Sheets of Excel end in the same raw rows as text does."""

import datetime as dt
from decimal import Decimal

import openpyxl
import pytest

from orchestration.loading import LoadError

LINE_FILE = "ledger/invoice_lines/2024-03.csv"


def workbook(house, rows, name="ledger/invoices/2024-03.xlsx"):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = house.extracts / name
    book.save(path)
    return path


def test_excel_agrees_with_openpyxl(house):
    house.remove("ledger/invoices/2024-03.csv")
    path = workbook(
        house,
        [
            ["document_no", "customer_code", "document_date", "document_type", "due_date"],
            ["00017", 17850, dt.date(2024, 3, 5), "invoice", "2024-04-05"],
            [None] * 5,
            [18, "B", dt.datetime(2024, 3, 6, 23, 59, 59), "credit_note", dt.date(2024, 4, 30)],
            [19, "是", dt.date(2024, 2, 29), " invoice ", None],
        ],
    )
    report = house.load()
    sheet = openpyxl.load_workbook(path).active
    truth = []
    for number, row in enumerate(sheet.iter_rows(min_row=2, values_only=True), start=2):
        if any(value is not None for value in row):
            due = dt.date.fromisoformat(row[4]) if isinstance(row[4], str) else row[4]
            truth.append(
                (
                    str(row[0]),
                    str(row[1]),
                    row[2].date(),
                    row[3].strip(),
                    due.date() if isinstance(due, dt.datetime) else due,
                    number,
                )
            )
    assert (
        house.rows(
            "select document_no, customer_code, document_date, document_type, due_date, "
            "load_line_number from raw_ledger.invoices order by load_line_number"
        )
        == truth
    )
    assert next(f.line_count for f in report.files if f.table == "invoices") == 3


def test_excel_below_a_title_and_with_numbers_stored_as_text(house):
    house.remove(LINE_FILE)
    workbook(
        house,
        [
            ["Lines of March", None, None, None],
            ["document_no", "line_no", "quantity", "net_amount"],
            [1, 1, "2", 10.5],
            [1, "2", 1, "3.25"],
            [2, 1, -1, 0.1 + 0.2],
        ],
        "ledger/invoice_lines/2024-03.xlsx",
    )
    house.load(tables={"ledger.invoice_lines": {"format": {"skip_rows": 1}}})
    assert house.rows(
        "select document_no, line_no, quantity, net_amount, load_line_number "
        "from raw_ledger.invoice_lines order by load_line_number"
    ) == [
        ("1", 1, Decimal("2"), Decimal("10.5"), 3),
        ("1", 2, Decimal("1"), Decimal("3.25"), 4),
        ("2", 1, Decimal("-1"), Decimal("0.3"), 5),
    ]


def test_an_excel_formula_without_its_result_is_refused(house):
    house.remove(LINE_FILE)
    workbook(
        house,
        [["document_no", "line_no", "quantity", "net_amount"], [1, 1, 2, "=1+1"]],
        "ledger/invoice_lines/2024-03.xlsx",
    )
    with pytest.raises(LoadError, match="line 2: a formula has no stored result"):
        house.load()
