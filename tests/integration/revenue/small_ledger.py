"""Four months of a ledger that changes its mind: overlaps, corrections, merges, new categories."""

import csv
from pathlib import Path

HEADERS = {
    "customers": (
        "customer_code,customer_name,parent_customer_code,merged_into_code,merged_on,is_internal"
    ),
    "products": "product_code,product_name,product_category",
    "exchange_rates": "currency,rate_month,rate_to_reporting",
    "invoices": (
        "document_no,customer_code,document_date,document_type,original_document_no,currency"
    ),
    "invoice_lines": "document_no,line_no,product_code,quantity,net_amount,cost_amount",
}

MONTHS = ("2024-01", "2024-02", "2024-03", "2024-04")
CORRECTION = "2024-02.corrected"

# C3 joins C2 in March and leaves it again in April; C4 turns out to be internal.
CUSTOMERS = {
    "2024-01": ["C1,One,,,,false", "C2,Two,,,,false", "C3,Three,,,,false", "C4,Four,,,,false"],
    "2024-02": ["C1,One,,,,false", "C2,Two,C1,,,false", "C3,Three,,,,false", "C4,Four,,,,false"],
    "2024-03": [
        "C1,One,,,,false", "C2,Two,C1,,,false", "C3,Three,,C2,2024-03-15,false", "C4,Four,,,,true",
    ],
    "2024-04": [
        "C1,One,,C2,2024-04-02,false", "C2,Two,,,,false", "C3,Three,,,,false", "C4,Four,,,,true",
    ],
}  # fmt: skip
PRODUCTS = {
    "2024-01": ["P1,Paper,office", "P2,Pen,office"],
    "2024-02": ["P1,Paper,office", "P2,Pen,office"],
    "2024-03": ["P1,Paper,print", "P2,Pen,office", "P3,Ink,print"],
    "2024-04": ["P1,Paper,print", "P2,Pen,office", "P3,Ink,print"],
}
RATES = {month: [f"EUR,{month}-01,7.{month[-1]}"] for month in MONTHS}
RATES["2024-04"].append("EUR,2024-01-01,7.9")

INVOICES = {
    "2024-01": [
        "D1,C1,2024-01-05,invoice,,", "D2,C2,2024-01-06,invoice,,EUR",
        "D3,C3,2024-01-07,invoice,,",
        "D4,C4,2024-01-08,invoice,,", "D5,,2024-01-09,invoice,,",
        "K1,C1,2024-01-05,credit_note,D1,",
        "W1,,2024-01-10,invoice,,", "A1,,2024-01-11,adjustment,,",
    ],
    # D6 is first dated in February and moved to March by the correction; D7 was a mistake.
    "2024-02": [
        "D6,C3,2024-02-29,invoice,,", "D7,C1,2024-02-10,invoice,,",
        "D8,C2,2024-02-11,invoice,,EUR",
    ],
    "2024-02.corrected": ["D6,C3,2024-03-01,invoice,,", "D8,C2,2024-02-11,invoice,,EUR"],
    # The March extract overlaps: it delivers D8 and D2 again, D8 with another line 2.
    "2024-03": [
        "D9,C3,2024-03-20,invoice,,", "D8,C2,2024-02-11,invoice,,EUR",
        "K2,C2,2024-03-21,credit_note,,",
    ],
    "2024-04": ["D10,C1,2024-04-03,invoice,,", "D11,C4,2024-04-04,invoice,,"],
}  # fmt: skip
LINES = {
    "2024-01": [
        "D1,1,P1,2,100,40", "D1,2,P1,2,100,40", "D1,3,P2,1,10.005,", "D2,1,P1,1,50,20",
        "D3,1,P2,3,30,", "D4,1,P2,1,7,3", "D5,1,P2,1,5,2", "K1,1,P1,-1,-50,-20", "W1,1,P1,-3,0,",
        "A1,1,,1,-20,",
    ],
    "2024-02": ["D6,1,P1,1,60,20", "D7,1,P1,1,70,20", "D8,1,P1,1,80,20", "D8,2,P2,1,8,2"],
    "2024-02.corrected": ["D6,1,P1,1,61,20", "D8,1,P1,1,81,20", "D8,2,P2,1,8,2"],
    "2024-03": ["D9,1,P3,1,90,20", "D9,2,P1,1,0,5", "D8,2,P2,2,16,4", "K2,1,P1,-1,-5,"],
    "2024-04": ["D10,1,P1,1,110,20", "D11,1,P3,1,12,2"],
}  # fmt: skip


def write_small_ledger(folder: Path) -> dict[str, list[str]]:
    """Write the extracts and say which files belong to which delivery."""
    tables = {
        "customers": CUSTOMERS,
        "products": PRODUCTS,
        "exchange_rates": RATES,
        "invoices": INVOICES,
        "invoice_lines": LINES,
    }
    deliveries: dict[str, list[str]] = {}
    for table, months in tables.items():
        for month, rows in months.items():
            path = folder / "ledger" / table / f"{month}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(HEADERS[table].split(","))
                writer.writerows(row.split(",") for row in rows)
            deliveries.setdefault(month, []).append(str(path.relative_to(folder)))
    return deliveries
