"""What was planted, in CSV files beside the extracts, in codes that no language changes.

The queries are in truth_tables.py; this module writes them and the README that explains them.
"""

import csv
from pathlib import Path

import duckdb

from orchestration.sample.parameters import LAST_MONTH, Parameters, Window
from orchestration.sample.truth_tables import TRUTH_TABLES, create_truth_views


def write_truth(
    connection: duckdb.DuckDBPyConnection, folder: Path, parameters: Parameters, window: Window
) -> dict[str, int]:
    """Write every truth table as CSV, and a README that says what each one holds.

    Args:
        connection: Connection on which the whole company was built.
        folder: The truth folder; created.
        parameters: Parameters of the sample.
        window: Months covered.

    Returns:
        Rows written per table.
    """
    folder.mkdir(parents=True, exist_ok=True)
    create_truth_views(connection, window)
    counts: dict[str, int] = {}
    for table in TRUTH_TABLES:
        cursor = connection.execute(table.query)
        header = [column[0] for column in cursor.description or []]
        rows = cursor.fetchall()
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows([[_text(value) for value in row] for row in rows])
        counts[table.name] = len(rows)
    (folder / "README.md").write_text(_readme(parameters, window, counts), encoding="utf-8")
    return counts


def _text(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def _readme(parameters: Parameters, window: Window, counts: dict[str, int]) -> str:
    crowd = "" if parameters.customers is None else f" of {parameters.customers:,} customers"
    lines = [
        "# What was planted in the sample company",
        "",
        f"Scale {parameters.scale:g}{crowd}, {parameters.months} months from"
        f" {window.first_month:%Y-%m} to {LAST_MONTH:%Y-%m}, seed {parameters.seed},"
        f" language {parameters.language}.",
        "",
        "Customers are ledger codes, accounts CRM numbers; dates are ISO; amounts are in the"
        " currency named beside them, or in reporting currency. Whoever is in no list but"
        " `customers` keeps buying at its own pace until the last month.",
        "",
        "| file | rows | what it holds |",
        "|---|---|---|",
    ]
    lines += [
        f"| {table.name}.csv | {counts[table.name]:,} | {table.description} |"
        for table in TRUTH_TABLES
    ]
    return "\n".join(lines) + "\n"
