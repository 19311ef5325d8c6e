"""Writes three years of a company in which every customer is an edge case of the state machine."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

MONTHS = [date(year, month, 1) for year in (2021, 2022, 2023) for month in range(1, 13)]
PEER_COUNT = 25  # enough to be asked: the policy wants twenty


def month_range(first: str, last: str) -> list[date]:
    """The tenth of every month from first to last, YYYY-MM, both included."""
    return [month.replace(day=10) for month in MONTHS if first <= f"{month:%Y-%m}" <= last]


def weeks(first: date, last: date) -> Iterator[date]:
    """Every seventh day from first to last."""
    while first <= last:
        yield first
        first += timedelta(days=7)


def purchases() -> Iterator[tuple[str, date, str, int]]:
    """Purchases as customer code, day, product code and amount."""

    def buys(
        code: str, days: Iterable[date], product: str = "P1", amount: int = 100
    ) -> Iterator[tuple]:
        return ((code, day, product, amount) for day in days)

    # Peers with thirty-day gaps: their ninth decile is below the floor of the threshold.
    for number in range(PEER_COUNT):
        yield from buys(f"PEER{number:02}", month_range("2021-01", "2023-12"))
    yield from buys("ONCE", [date(2023, 1, 15)])
    yield from buys("BACK", month_range("2021-01", "2022-12"))
    yield from buys("BACK", month_range("2023-05", "2023-12"))
    yield from buys("OLD", month_range("2021-01", "2022-06"))
    yield from buys("SURVIVOR", month_range("2022-07", "2023-12"))
    # A site of a group orders under another code from July on; whoever stands alone is gone.
    yield from buys("SITE_A", month_range("2021-01", "2022-06"))
    yield from buys("SITE_B", month_range("2022-07", "2023-12"))
    yield from buys("ALONE", month_range("2021-01", "2022-06"))
    yield from buys("BANKRUPT", month_range("2021-01", "2023-02"))
    yield from buys("GAVE_NOTICE", month_range("2021-01", "2022-12"))
    yield from buys("LATE_RENEWAL", month_range("2021-01", "2022-12"))
    yield from buys("SPENDS_LESS", month_range("2021-01", "2022-12"), amount=1000)
    yield from buys("SPENDS_LESS", month_range("2023-01", "2023-12"), amount=100)
    yield from buys("DROPPED_TOOLS", month_range("2021-01", "2023-12"))
    yield from buys("DROPPED_TOOLS", month_range("2021-01", "2022-12"), product="P2")
    for winter in (2021, 2022, 2023):
        yield from buys("SKI", weeks(date(winter, 1, 3), date(winter, 3, 28)))
        yield from buys("SKI", weeks(date(winter, 10, 3), date(winter, 12, 28)))
    yield from buys("SLOWED_DOWN", weeks(date(2021, 1, 4), date(2022, 12, 26)))
    yield from buys("SLOWED_DOWN", [date(2023, 3, 20), date(2023, 6, 26)])


def write_table(folder: Path, table: str, month: str, header: str, rows: Iterable) -> None:
    """Write one extract of the contract; the table is named as in ledger/invoices."""
    path = folder / table / f"{month}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


# A month's file is written when the month is over.
MAPPING = "version: 1\nname: edge_cases\ncomplete_periods: true\n"


def write_edge_cases(folder: Path) -> Path:
    """Write the extracts of the company and its mapping; returns the mapping's file."""
    documents = [
        (f"D{number:06}", code, day, product, amount)
        for number, (code, day, product, amount) in enumerate(purchases())
    ]
    for month in MONTHS:
        name = f"{month:%Y-%m}"
        of_month = [document for document in documents if document[2].replace(day=1) == month]
        invoices = [[number, code, day, "invoice"] for number, code, day, _, _ in of_month]
        lines = [[number, 1, product, 1, amount] for number, _, _, product, amount in of_month]
        if name == "2022-03":
            invoices.append(["K1", "CREDIT_ONLY", date(2022, 3, 9), "credit_note"])
            lines.append(["K1", 1, "P1", -1, -40])
            # A free sample is no purchase either.
            invoices.append(["F1", "CREDIT_ONLY", date(2022, 3, 9), "invoice"])
            lines.append(["F1", 1, "P1", 1, 0])
        header = "document_no,customer_code,document_date,document_type"
        write_table(folder, "ledger/invoices", name, header, invoices)
        header = "document_no,line_no,product_code,quantity,net_amount"
        write_table(folder, "ledger/invoice_lines", name, header, lines)
    codes = sorted({code for _, code, _, _, _ in documents} | {"CREDIT_ONLY"})
    special = {
        "OLD": ["", "SURVIVOR", "2022-07-01", "", ""],
        "BANKRUPT": ["", "", "", "2023-03-05", "bankrupt"],
        "SITE_B": ["SITE_A", "", "", "", ""],
    }
    write_table(
        folder,
        "ledger/customers",
        "2023-12",
        "customer_code,customer_name,parent_customer_code,merged_into_code,merged_on,closed_on,"
        "closed_reason",
        ([code, code.title(), *special.get(code, [""] * 5)] for code in codes),
    )
    products = [["P1", "Reagent", "reagents"], ["P2", "Tool", "tools"]]
    header = "product_code,product_name,product_category"
    write_table(folder, "ledger/products", "2023-12", header, products)
    header = "account_id,customer_code,account_name,contract_start,contract_end,notice_date"
    first_terms = [
        ["A1", "GAVE_NOTICE", "Gave notice", "2022-01-01", "2022-12-31", "2022-10-01"],
        ["A2", "LATE_RENEWAL", "Late renewal", "2022-01-01", "2022-12-31", ""],
    ]
    renewal = ["A2", "LATE_RENEWAL", "Late renewal", "2023-02-15", "2024-02-14", ""]
    write_table(folder, "crm/accounts", "2022-12", header, first_terms)
    write_table(folder, "crm/accounts", "2023-12", header, [first_terms[0], renewal])
    mapping = folder.parent / "mapping.yml"
    mapping.write_text(MAPPING)
    return mapping
