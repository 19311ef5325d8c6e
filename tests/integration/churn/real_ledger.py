"""Reads the real ledger from its raw files, by none of the pipeline's means."""

from pathlib import Path

import pandas as pd


def read_lines(folder: Path) -> pd.DataFrame:
    """Read every line of a known customer that is no adjustment.

    Args:
        folder: Folder of the ledger's monthly files.

    Returns:
        customer, day, amount (whole thousandths of money, exact), month and is_purchase.
    """
    frame = pd.concat(
        pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in sorted(folder.glob("*.csv.gz"))
    )
    frame = frame[frame["CustomerID"] != ""]
    thousandths = (frame["UnitPrice"].astype(float) * 1000).round().astype("int64")
    is_credit = frame["InvoiceNo"].str.startswith("C")
    is_adjustment = frame["InvoiceNo"].str.startswith("A")
    stamps = pd.to_datetime(frame["InvoiceDate"]).groupby(frame["InvoiceNo"]).transform("min")
    lines = pd.DataFrame(
        {
            "customer": frame["CustomerID"],
            "day": stamps.dt.normalize(),
            "amount": frame["Quantity"].astype("int64") * thousandths,
        }
    )
    lines["month"] = lines["day"].dt.to_period("M")
    lines["is_purchase"] = ~is_credit & ~is_adjustment & (lines["amount"] > 0)
    return lines[~is_adjustment]
