"""Every kind of bad input is stopped with what is wrong, where, and what to do."""

import gzip

import pytest

from orchestration.loading import LoadError

INVOICE_FILE = "ledger/invoices/2024-03.csv"
LINE_FILE = "ledger/invoice_lines/2024-03.csv"


def stopped(house, *words, **mapping):
    with pytest.raises(LoadError) as caught:
        house.load(**mapping)
    for word in words:
        assert word in str(caught.value)
    status, message = house.rows(
        "select status, message from raw_meta.load_batches order by batch_id"
    )[-1]
    assert status == "failed"
    assert message == str(caught.value)
    return caught.value


def test_missing_required_column(house):
    house.put(INVOICE_FILE, house.invoices.replace("document_date", "documnt_date"))
    error = stopped(
        house, INVOICE_FILE, "required column document_date", "The nearest is documnt_date"
    )
    assert any("column documnt_date is not known" in problem for problem in error.problems)
    assert house.rows("select count(*) from raw_ledger.customers") == [(0,)]


def test_unknown_column(house):
    house.put(
        INVOICE_FILE,
        house.invoices.replace("document_type", "document_type,curency")
        .replace("invoice\n", "invoice,EUR\n")
        .replace("note\n", "note,EUR\n"),
    )
    stopped(house, "column curency is not known", "The nearest is currency", "ignore_columns")
    house.load(tables={"ledger.invoices": {"ignore_columns": ["curency"]}})
    assert house.rows("select count(*) from raw_ledger.invoices") == [(2,)]


def test_every_file_is_checked_before_any_is_loaded(house):
    house.put(INVOICE_FILE, house.invoices.replace("document_date", "date"))
    house.put(LINE_FILE, house.lines.replace("quantity", "qty"))
    error = stopped(house)
    assert {problem.split(":")[0] for problem in error.problems} == {INVOICE_FILE, LINE_FILE}


def test_empty_file(house):
    house.put(INVOICE_FILE, "")
    stopped(house, INVOICE_FILE, "the file is empty", "Export it again")


def test_header_only_stops_a_required_table(house):
    house.put(INVOICE_FILE, house.invoices.splitlines()[0] + "\n")
    stopped(house, INVOICE_FILE, "a header but no rows", "allow_empty")
    house.load(tables={"ledger.invoices": {"allow_empty": True}})


def test_header_only_is_a_notice_for_an_optional_table(house):
    house.put("ledger/products/products.csv", "product_code,product_name,product_category\n")
    report = house.load()
    assert any("products.csv holds a header but no rows" in notice for notice in report.notices)


def test_truncated_gzip(house):
    house.remove(INVOICE_FILE)
    packed = gzip.compress((house.invoices + "3,A,2024-03-07,invoice\n" * 500).encode())
    path = house.extracts / f"{INVOICE_FILE}.gz"
    path.write_bytes(packed[: len(packed) // 2])
    stopped(house, f"{INVOICE_FILE}.gz", "cut short or damaged")


def test_wrong_encoding(house):
    house.put(
        "ledger/customers/customers.csv",
        "customer_code,customer_name\nA,Ann\nB,Müller\n",
        "latin-1",
    )
    stopped(house, "customers.csv, line 3, byte offset 37", "not utf-8 text", "encoding")


def test_quote_never_closed(house):
    house.put("ledger/customers/customers.csv", house.customers + 'C,"Cy\nD,Dee\n')
    stopped(house, "customers.csv, line 4: the quote opened here is never closed")


def test_text_in_a_date_column(house):
    house.put(INVOICE_FILE, house.invoices.replace("2024-03-06", "soon"))
    stopped(house, INVOICE_FILE, "line 3, column document_date: 'soon' is not a date as iso")
    assert house.rows(
        "select file_name, line_number, column_name, value from raw_meta.rejected_rows"
    ) == [(INVOICE_FILE, 3, "document_date", "soon")]
    assert house.rows("select count(*) from raw_ledger.invoices") == [(0,)]
    # The other files of the batch were good and stay.
    assert house.rows("select count(*) from raw_ledger.invoice_lines") == [(3,)]


def test_a_refused_file_is_tried_again_and_leaves_one_refusal(house):
    house.put(INVOICE_FILE, house.invoices.replace("2024-03-06", "soon"))
    for _ in range(2):
        stopped(house, "soon")
    assert house.rows("select count(*) from raw_meta.rejected_rows") == [(1,)]
    assert house.rows("select count(*) from raw_meta.extract_files where status = 'refused'") == [
        (1,)
    ]


def test_duplicate_key_with_other_content(house):
    house.put(INVOICE_FILE, house.invoices + "1,B,2024-03-09,invoice\n")
    stopped(house, "line 4, column document_no: 'document_no=1' repeats the key of line 2")


def test_an_exactly_repeated_row_is_dropped_and_counted(house):
    house.put(LINE_FILE, house.lines + "1,1,2,10.50\n")
    report = house.load()
    result = next(entry for entry in report.files if entry.table == "invoice_lines")
    assert (result.line_count, result.loaded, result.rejected, result.duplicates) == (4, 3, 1, 1)
    assert house.rows("select line_number, reason from raw_meta.rejected_rows") == [
        (5, "repeats line 2 exactly")
    ]


def test_two_files_for_one_period(house):
    house.put("ledger/invoices/2024-03.csv.gz", house.invoices + "3,A,2024-03-09,invoice\n")
    stopped(house, "two files for 2024-03 of ledger.invoices", "`.corrected` or `.v2`")


def test_extract_folder_that_does_not_exist(house):
    house.extracts = house.folder / "nowhere"
    stopped(house, "nowhere does not exist", "--extracts")


def test_no_file_for_a_required_table(house):
    house.remove(LINE_FILE)
    stopped(house, "No file for the required table ledger.invoice_lines", "ledger/invoice_lines")


def test_nul_byte(house):
    house.put("ledger/customers/customers.csv", house.customers.replace("Bob", "B\0b"))
    stopped(house, "customers.csv, line 3: the text holds a NUL byte", "utf-16")


def test_mixed_line_endings(house):
    mixed = house.customers.replace("Ann\n", "Ann\r\n")
    house.put("ledger/customers/customers.csv", mixed)
    stopped(house, "customers.csv, line 2: its line ending differs", "mixed_line_endings: accept")
    house.load(format={"mixed_line_endings": "accept"})
    assert house.rows("select customer_name from raw_ledger.customers order by 1") == [
        ("Ann",),
        ("Bob",),
    ]


def test_unknown_table_folder(house):
    house.put("ledger/invoice/2024-03.csv", house.invoices)
    stopped(house, "no table is read from the folder ledger/invoice", "nearest is ledger/invoice")


def test_old_excel_files_are_refused(house):
    house.put("ledger/products/products.xls", b"\xd0\xcf")
    stopped(house, "products.xls: this kind of file is not read", ".xlsx")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("10.50", "10.12345", "'10.12345' is not a number of at most 14 digits before and 4 after"),
        ("10.50", "999999999999999", "is not a number of at most 14 digits"),
        ("10.50", "", "net_amount: the value is empty but required"),
        ("1,2,1,3", "1,x,1,3", "column line_no: 'x' is not a whole number"),
    ],
)
def test_values_that_do_not_fit(house, old, new, words):
    house.put(LINE_FILE, house.lines.replace(old, new, 1))
    stopped(house, words)


def test_a_word_outside_the_allowed_ones(house):
    house.put(INVOICE_FILE, house.invoices.replace("credit_note", "Gutschrift"))
    stopped(house, "'Gutschrift' is not one of invoice, credit_note, debit_note, adjustment")


def test_numbers_outside_their_bounds(house):
    house.put(
        "crm/accounts/accounts.csv",
        "account_id,account_name,long_term_intent,annual_revenue\n1,a,6,1\n2,b,3,-1\n",
    )
    stopped(house, "'6' is above 5", "'-1' is below 0")


def test_lines_within_the_tolerance_are_refused_alone(house):
    many = "".join(f"{number},A,2024-03-05,invoice\n" for number in range(10, 2010))
    house.put(INVOICE_FILE, house.invoices + many + "9999,A,soon,invoice\n8888,A\n")
    report = house.load()
    result = next(entry for entry in report.files if entry.table == "invoices")
    assert (result.line_count, result.loaded, result.rejected) == (2004, 2002, 2)
    rows = house.rows("select line_number, value, reason from raw_meta.rejected_rows order by 1")
    assert rows[0] == (2004, "soon", "is not a date as iso writes it")
    assert rows[1] == (2005, "8888,A", "expected Number of Columns: 4 Found: 2")


def test_a_key_is_never_tolerated(house):
    many = "".join(f"{number},A,2024-03-05,invoice\n" for number in range(10, 2010))
    house.put(INVOICE_FILE, house.invoices + many + ",A,2024-03-05,invoice\n")
    stopped(house, "line 2004, column document_no: the value is empty but required")


def test_an_expression_that_does_not_fit_is_explained(house):
    stopped(
        house,
        "expression for column currency",
        "nonsense",
        tables={"ledger.invoices": {"columns": {"currency": {"expression": '"nonsense" || 1'}}}},
    )


def test_header_problems(house):
    house.put(
        "ledger/customers/customers.csv", "customer_code,,customer_name,Customer_Name\nA,,x,y\n"
    )
    stopped(house, "no name in column 2", "names Customer_Name twice")


def test_a_wrong_delimiter_is_suspected(house):
    house.put("ledger/customers/customers.csv", house.customers.replace(",", ";"))
    stopped(house, "is the delimiter ','?")
