"""Bad extracts, each at the level of the whole run.

Whatever is wrong with the new month: the run ends with status 1, says on stderr what is wrong,
where and what to do, and readers go on seeing the release they saw before, byte for byte.
"""

import gzip
import re

import pytest
from pipeline_support import LAST_MONTH, kaw, last_file, release_files


def rewrite(home, table, change):
    path = last_file(home, table)
    text = gzip.decompress(path.read_bytes()).decode("utf-8")
    path.write_bytes(gzip.compress(change(text).encode("utf-8")))


def change_line(number, change):
    """Return a change of one line of a file, counted from 0, the header being line 0."""

    def apply(text):
        lines = text.splitlines(keepends=True)
        lines[number] = change(lines[number])
        return "".join(lines)

    return apply


def missing_column(home):
    rewrite(home, "invoices", lambda text: text.replace("document_date", "document_dat", 1))
    return ["document_date", "document_dat", LAST_MONTH]


def empty_file(home):
    last_file(home, "invoices").write_bytes(gzip.compress(b""))
    return [LAST_MONTH, "empty"]


def header_only(home):
    rewrite(home, "invoices", lambda text: text.splitlines(keepends=True)[0])
    return [f"invoices/{LAST_MONTH}"]


def truncated_gzip(home):
    path = last_file(home, "invoice_lines")
    path.write_bytes(path.read_bytes()[:-200])
    return [f"invoice_lines/{LAST_MONTH}"]


def wrong_encoding(home):
    path = last_file(home, "invoices")
    text = gzip.decompress(path.read_bytes()).replace(b"CNY", b"CN\xa5", 1)
    path.write_bytes(gzip.compress(text))
    return [f"invoices/{LAST_MONTH}", "not utf-8", "encoding"]


def quote_never_closed(home):
    rewrite(home, "invoices", change_line(3, lambda line: '"' + line))
    return [f"invoices/{LAST_MONTH}", "quote"]


def text_in_a_date(home):
    def spoil(text):
        return re.sub(rf"{LAST_MONTH}-\d\d", "soon", text)

    rewrite(home, "invoices", spoil)
    return [f"invoices/{LAST_MONTH}", "document_date", "soon"]


def duplicate_key(home):
    def double(text):
        lines = text.splitlines(keepends=True)
        return "".join([*lines, lines[-1].replace("CNY", "USD").replace("invoice", "debit_note")])

    rewrite(home, "invoices", double)
    return ["document_no"]


def unknown_customer(home):
    rewrite(home, "invoices", lambda text: re.sub(r",C\d+,", ",C-NOBODY,", text, count=1))
    return ["C-NOBODY", "customer"]


def currency_without_rate(home):
    rewrite(home, "invoices", lambda text: text.replace(",CNY,", ",XTS,", 1))
    return ["XTS", "rate"]


def two_files_for_one_period(home):
    path = last_file(home, "invoices")
    path.with_name(f"{LAST_MONTH}.copy.csv.gz").write_bytes(path.read_bytes() + b"")
    return [f"invoices/{LAST_MONTH}", "copy"]


def month_missing(home):
    for table in ("invoices", "invoice_lines", "receipts", "deliveries"):
        path = last_file(home, table)
        rewrite(home, table, lambda text: text.replace(f"{LAST_MONTH}-", "2026-01-"))
        path.rename(path.with_name(path.name.replace(LAST_MONTH, "2026-01")))
    return [LAST_MONTH]


CASES = [
    missing_column,
    empty_file,
    header_only,
    truncated_gzip,
    wrong_encoding,
    quote_never_closed,
    text_in_a_date,
    duplicate_key,
    unknown_customer,
    currency_without_rate,
    two_files_for_one_period,
    month_missing,
]


@pytest.mark.parametrize("spoil", CASES, ids=lambda case: case.__name__)
def test_run_stops_says_why_and_publishes_nothing(home, with_last_month, spoil):
    named = spoil(with_last_month(home))
    before = release_files(home)
    result = kaw("run", "--home", home)
    assert result.exit_code == 1, result.stdout
    for words in named:
        assert words in result.stderr, result.stderr
    assert "Readers still see the release before" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert release_files(home) == before


def test_unknown_column_is_named(home, with_last_month):
    with_last_month(home)
    rewrite(
        home,
        "invoices",
        lambda text: "\n".join(f"{line},colour" for line in text.splitlines()) + "\n",
    )
    before = release_files(home)
    result = kaw("run", "--home", home)
    assert result.exit_code == 1
    assert "colour" in result.stderr
    assert release_files(home) == before


def test_extracts_folder_that_does_not_exist(home, tmp_path):
    before = release_files(home)
    result = kaw("run", "--home", home, "--extracts", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert "nowhere does not exist" in result.stderr
    assert "--extracts" in result.stderr
    assert release_files(home) == before


def test_a_month_without_documents_is_not_reported(home):
    before = release_files(home)
    result = kaw("run", "--home", home, "--as-of", "2031-01")
    assert result.exit_code == 1
    assert "2031-01" in result.stderr
    assert "2025-11" in result.stderr
    assert release_files(home) == before
