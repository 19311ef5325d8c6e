"""What changes the past after a first build: what the sample has of it, and what it has not.

The sample's own are a month, a correction, a month of lines that came late and late deliveries.
Planted beside them are a document that a correction withdraws, a merge of two customers who had
been buying for years, and another rate for a month long closed.
"""

import csv
import gzip
import io
from collections import Counter
from dataclasses import dataclass

import duckdb

# What Spark's second build finds beside the first.
LATE = "file_name like '%/2025-12%' or revision <> ''"

# Months of invoice lines that all this changes; a merge moves rows of any month, but builds none.
CHANGED_MONTHS = {"2024-01-01", "2024-05-01", "2024-08-01", "2025-03-01", "2025-12-01"}

_LAST_MONTH = "2025-12"
_WITHDRAWN_IN, _CORRECTION = "2025-03", "2025-03.corrected-delivered-2025-05-05"
_OTHER_RATE, _RATE = "2024-05-01", "7.9"


@dataclass(frozen=True)
class Planted:
    """The document withdrawn, the customer absorbed and by whom, and the month of another rate."""

    document: str
    absorbed: str
    survivor: str
    month: str = _OTHER_RATE


def plant_changes(extracts):
    """Write into the sample's extracts what it has not, and return it."""
    _rate(extracts)
    return Planted(_withdraw(extracts), *_merge(extracts))


def withhold_late_files(warehouse):
    """Undo the loading of the late files, whose rows every model would read."""
    with duckdb.connect(str(warehouse)) as connection:
        late = f"select file_id from raw_meta.extract_files where {LATE}"
        for schema, table in connection.execute(
            "select table_schema, table_name from information_schema.columns "
            "where column_name = 'load_file_id' and table_schema like 'raw\\_%' escape '\\'"
        ).fetchall():
            connection.execute(f'delete from {schema}."{table}" where load_file_id in ({late})')
        connection.execute(
            "update raw_meta.extract_files set status = 'loaded', superseded_by_file_id = null "
            f"where superseded_by_file_id in ({late})"
        )
        connection.execute(f"delete from raw_meta.extract_files where {LATE}")


def _withdraw(extracts):
    """Correct a month by one invoice that nothing else in the extracts speaks of."""
    invoices = _file(extracts, "invoices", _WITHDRAWN_IN)
    lines = _file(extracts, "invoice_lines", _WITHDRAWN_IN)
    elsewhere = "".join(
        gzip.decompress(path.read_bytes()).decode("utf-8")
        for path in extracts.rglob("*.csv.gz")
        if path not in (invoices, lines)
    )
    (header, rows), (lines_header, all_lines) = _read(invoices), _read(lines)
    originals = {row["original_document_no"] for row in rows}
    document = next(
        row["document_no"]
        for row in rows
        if row["document_type"] == "invoice"
        and row["document_no"] not in originals
        and row["document_no"] not in elsewhere
    )
    for path, names, kept in ((invoices, header, rows), (lines, lines_header, all_lines)):
        corrected = path.with_name(f"{_CORRECTION}.csv.gz")
        _write(corrected, names, [row for row in kept if row["document_no"] != document])
    return document


def _merge(extracts):
    """Let the customer with the second most invoices go up in the one with the most."""
    invoices = Counter(
        row["customer_code"]
        for path in (extracts / "ledger" / "invoices").glob("*.csv.gz")
        for row in _read(path)[1]
        if row["document_type"] == "invoice"
    )
    customers = _file(extracts, "customers", _LAST_MONTH)
    header, rows = _read(customers)
    free = {
        row["customer_code"]
        for row in rows
        if not row["merged_into_code"] and row["is_internal"] == "false"
    }
    survivor, absorbed = [code for code, _ in invoices.most_common() if code in free][:2]
    for row in rows:
        if row["customer_code"] == absorbed:
            row |= {"merged_into_code": survivor, "merged_on": f"{_LAST_MONTH}-05"}
    _write(customers, header, rows)
    return absorbed, survivor


def _rate(extracts):
    """Deliver, with the last month's rates, another one for a month long closed."""
    rates = _file(extracts, "exchange_rates", _LAST_MONTH)
    header, rows = _read(rates)
    rows.append({"currency": "USD", "rate_month": _OTHER_RATE, "rate_to_reporting": _RATE})
    _write(rates, header, rows)


def _file(extracts, table, month):
    return extracts / "ledger" / table / f"{month}.csv.gz"


def _read(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return reader.fieldnames, list(reader)


def _write(path, header, rows):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(gzip.compress(text.getvalue().encode("utf-8"), mtime=0))
