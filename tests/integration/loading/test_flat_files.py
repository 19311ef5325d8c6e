"""Flat ledger files are split into headers, lines and masters; lines get stable numbers."""

import gzip
import random
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.loading import LoadError, load_contract, load_extracts, load_mapping

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
ROWS = [
    "1,10001,RED CUP,2,2010-12-01 08:00:00,1.5,17850,United Kingdom\n",
    "1,10002,BLUE CUP,1,2010-12-01 08:00:00,2.25,17850,United Kingdom\n",
    "1,10002,BLUE CUP,1,2010-12-01 08:00:00,2.25,17850,United Kingdom\n",
    "1,POST,,1,2010-12-01 08:01:00,10,17850,United Kingdom\n",
    "C2,10001,RED MUG,-1,2010-12-03 09:00:00,1.5,17850,France\n",
    "3,10003,,5,2010-12-04 09:00:00,0,,United Kingdom\n",
]
REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "online_retail"
CONTRACT = load_contract()


def load(folder, rows, name="2010-12.csv", mapping=None):
    extracts = folder / "extracts"
    extracts.mkdir(exist_ok=True)
    (extracts / f"{name}.gz").write_bytes(gzip.compress((HEADER + "".join(rows)).encode()))
    connection = duckdb.connect()
    report = load_extracts(connection, extracts, mapping or load_mapping("online_retail"), CONTRACT)
    return connection, report


def lines(connection):
    return connection.execute(
        "select document_no, line_no, product_code, quantity, net_amount "
        "from raw_ledger.invoice_lines order by all"
    ).fetchall()


def test_a_flat_file_is_split(tmp_path):
    connection, report = load(tmp_path, ROWS)
    run = lambda query: connection.execute(query).fetchall()  # noqa: E731
    assert run(
        "select document_no, customer_code, cast(document_date as varchar), document_type, "
        "currency from raw_ledger.invoices order by 1"
    ) == [
        ("1", "17850", "2010-12-01", "invoice", None),
        ("3", None, "2010-12-04", "invoice", None),
        ("C2", "17850", "2010-12-03", "credit_note", None),
    ]
    # The latest document says where the customer is, and what a product is called.
    assert run("select customer_code, country from raw_ledger.customers") == [("17850", "France")]
    assert run(
        "select product_code, product_name, is_service from raw_ledger.products order by 1"
    ) == [
        ("10001", "RED MUG", False),
        ("10002", "BLUE CUP", False),
        ("10003", "10003", False),
        ("POST", "POST", True),
    ]
    assert run("select sum(net_amount) from raw_ledger.invoice_lines") == [(Decimal("16.0"),)]
    assert report.totals.line_count == report.totals.loaded == 6
    assert report.totals.duplicates == 1


def test_line_numbers_do_not_depend_on_the_order_of_the_file(tmp_path):
    first, _ = load(tmp_path, ROWS)
    shuffled = ROWS[:]
    random.Random(7).shuffle(shuffled)
    second, _ = load(tmp_path, shuffled)
    assert lines(first) == lines(second)
    assert {(document, number) for document, number, *_ in lines(first) if document == "1"} == {
        ("1", 1),
        ("1", 2),
        ("1", 3),
        ("1", 4),
    }


def test_exact_duplicates_are_dropped_where_declared(tmp_path):
    mapping = load_mapping("online_retail")
    mapping.flat_files["ledger_lines"].exact_duplicates = "drop"
    connection, report = load(tmp_path, ROWS, mapping=mapping)
    assert len(lines(connection)) == 5
    assert (report.totals.loaded, report.totals.rejected, report.totals.duplicates) == (5, 1, 1)
    assert connection.execute(
        "select distinct line_number, reason from raw_meta.rejected_rows"
    ).fetchall() == [(4, "repeats line 3 exactly; dropped as the mapping says")]


def test_a_document_that_names_two_customers_is_refused(tmp_path):
    rows = [ROWS[0], ROWS[1].replace("17850", "99999")]
    with pytest.raises(LoadError, match="differs between records of one ledger"):
        load(tmp_path, rows)


def test_a_record_that_fits_no_table_reaches_none(tmp_path):
    mapping = load_mapping("online_retail")
    mapping.flat_files["ledger_lines"].tolerance.other = 0.5
    bad = "4,10001,RED CUP,two,2010-12-05 08:00:00,1.5,11111,Spain\n"
    connection, report = load(tmp_path, [*ROWS, bad], mapping=mapping)
    assert (report.totals.loaded, report.totals.rejected) == (6, 1)
    assert connection.execute(
        "select count(*) from raw_ledger.customers where customer_code = '11111'"
    ).fetchall() == [(0,)]
    assert connection.execute(
        "select distinct line_number, column_name, value from raw_meta.rejected_rows"
    ).fetchall() == [(8, "Quantity", "two")]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real ledger is not on this machine")
def test_the_real_ledger_loads_whole():
    connection = duckdb.connect(config={"threads": 2})
    report = load_extracts(connection, REAL, load_mapping("online_retail"), CONTRACT)
    totals = report.totals
    assert (totals.file_count, totals.line_count, totals.loaded) == (13, 541_909, 541_909)
    assert (totals.rejected, totals.duplicates) == (0, 5_268)
    assert connection.execute(
        "select count(*), sum(net_amount), count(*) filter (where product_code is null) "
        "from raw_ledger.invoice_lines"
    ).fetchall() == [(541_909, Decimal("9747747.934"), 0)]
    assert connection.execute(
        "select document_type, count(distinct document_no) from raw_ledger.invoices "
        "group by document_type order by document_type"
    ).fetchall() == [("adjustment", 3), ("credit_note", 3_836), ("invoice", 22_061)]
    assert connection.execute(
        "select count(*) from raw_ledger.invoice_lines as l inner join raw_ledger.invoices as i "
        "using (document_no, load_file_id) where i.customer_code is not null "
        "and i.document_type = 'invoice' and l.quantity > 0 and l.net_amount > 0"
    ).fetchall() == [(397_884,)]
    assert connection.execute(
        "select count(*) from (select document_no, line_no from raw_ledger.invoice_lines "
        "group by document_no, line_no having count(*) > 1)"
    ).fetchall() == [(0,)]
    assert not load_extracts(connection, REAL, load_mapping("online_retail"), CONTRACT).has_changes
