"""Five headline figures as a script in pandas would make them, from the same files.

    python benchmarks/in_pandas.py <extracts folder, CSV or Parquet>

What somebody would write instead: read everything into memory, sum, count. Nothing is corrected,
merged, converted to one currency, restated, checked, kept or published, and a customer is lost
after half a year without a purchase, whatever its rhythm. So the figures are not the project's;
what they take in time and memory is what is compared.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pandas as pd

SILENCE_DAYS = 180
YEAR = 12
INVOICES: dict[Hashable, Any] = dict.fromkeys(
    ("document_no", "customer_code", "document_date", "document_type"), str
)
LINES: dict[Hashable, Any] = {"document_no": str, "net_amount": float}


def main() -> None:
    """Read the folder named on the command line and print the figures."""
    folder = Path(sys.argv[1]) / "ledger"
    invoices = _read(folder / "invoices", INVOICES)
    invoices = invoices[invoices["document_type"] != "adjustment"]
    invoices["day"] = pd.to_datetime(invoices["document_date"])
    amounts = _read(folder / "invoice_lines", LINES).groupby("document_no")["net_amount"].sum()
    documents = invoices.join(amounts, on="document_no")
    documents["month"] = documents["day"].dt.to_period("M")
    months = documents.groupby(["customer_code", "month"])["net_amount"].sum().unstack(fill_value=0)
    orders = documents[documents["document_type"] == "invoice"]
    last_month: pd.Period = documents["month"].max()
    print(f"{months.size} customer-months, {len(months)} customers")
    print(f"churn of the last month    {_churn(orders, last_month):.2%}")
    print(f"revenue retention          {_retention(months)}")
    print(f"bought in the 12th month   {_cohort_retention(orders):.1%}")
    print(f"customers that bring 80 %  {_pareto_share(months):.1%}")


def _read(folder: Path, columns: dict[Hashable, Any]) -> pd.DataFrame:
    """Read some columns of all of a table's files, CSV or Parquet."""
    if files := sorted(folder.glob("*.parquet")):
        read = functools.partial(_read_parquet, columns=columns)
    else:
        files = sorted(folder.glob("*.csv*"))
        read = functools.partial(pd.read_csv, usecols=list(columns), dtype=columns)
    return pd.concat([read(file) for file in files], ignore_index=True)


def _read_parquet(file: Path, columns: dict[Hashable, Any]) -> pd.DataFrame:
    # Through Arrow, because decimals of Python would each be an object.
    frame = pd.read_parquet(file, columns=[*map(str, columns)], dtype_backend="pyarrow")
    return frame.astype({name: kind for name, kind in columns.items() if kind is float})


def _churn(orders: pd.DataFrame, month: pd.Period) -> float:
    start, end = month.start_time, month.end_time.normalize()
    silence = pd.Timedelta(days=SILENCE_DAYS)
    latest = orders.groupby("customer_code")["day"].max()
    before = orders[orders["day"] < start].groupby("customer_code")["day"].max()
    active = before[before > start - silence].index
    return float((latest.loc[active] <= end - silence).mean())


def _retention(months: pd.DataFrame) -> str:
    later = months.iloc[:, -YEAR:].sum(axis=1)
    earlier = months.iloc[:, -2 * YEAR : -YEAR].sum(axis=1)
    base = earlier > 0
    net = later[base].clip(lower=0).sum() / earlier[base].sum()
    gross = later[base].clip(lower=0, upper=earlier[base]).sum() / earlier[base].sum()
    return f"net {net:.1%}, gross {gross:.1%}"


def _cohort_retention(orders: pd.DataFrame) -> float:
    bought = orders[["customer_code", "month"]].drop_duplicates()
    first = bought.groupby("customer_code")["month"].min()
    seen = first[first <= orders["month"].max() - YEAR]
    again = pd.MultiIndex.from_arrays([seen.index, seen + YEAR])
    return float(again.isin(pd.MultiIndex.from_frame(bought)).mean())


def _pareto_share(months: pd.DataFrame) -> float:
    year = months.iloc[:, -YEAR:].sum(axis=1)
    ranked = year[year > 0].sort_values(ascending=False)
    needed = (ranked.cumsum() - ranked < 0.8 * ranked.sum()).sum()
    return float(needed / len(ranked))


if __name__ == "__main__":
    main()
