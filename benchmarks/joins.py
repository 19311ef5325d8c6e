"""Say which joins of a home's models make many rows of few.

On a small company they cost nothing, and on a large one hours.

    python benchmarks/joins.py home
    python benchmarks/joins.py home --times 20

Runs every compiled model of the home's last build once more under EXPLAIN ANALYZE, reading only. A
customer by each of its months is as it should be; a factor that grows with the company is a join
whose keys come too late.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.home import Home


def main() -> None:
    """Print the joins, the one that multiplies most first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path, help="home folder whose models were built")
    parser.add_argument(
        "--times", type=float, default=10, help="rows out per row in, of the larger side"
    )
    parser.add_argument("--rows", type=int, default=10_000, help="joins of fewer rows are left out")
    options = parser.parse_args()
    home = Home.at(options.home)
    compiled = sorted(
        path for path in home.dbt_target.rglob("compiled/*/models/**/*.sql") if path.is_file()
    )
    if not compiled:
        parser.error(
            f"no compiled models in {home.dbt_target}: run `kaw run --home {options.home}` first"
        )
    found = []
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        for path in compiled:
            if path.parent.suffix != ".yml":
                found += [(*join, path.stem) for join in joins(connection, path.read_text("utf-8"))]
    print("| model | times | rows out | rows in | on |\n|---|---|---|---|---|")
    for times, out, sides, condition, name in sorted(found, reverse=True):
        if times >= options.times and out >= options.rows:
            rows_in = " and ".join(f"{side:,}" for side in sides)
            print(f"| `{name}` | {times:.0f} | {out:,} | {rows_in} | {condition} |")


def joins(
    connection: duckdb.DuckDBPyConnection, query: str
) -> Iterator[tuple[float, int, list[int], str]]:
    """Yield what every join of a query does.

    Yields:
        Rows out per row of the larger side, rows out, rows of both sides, and the condition.
    """
    (_, text) = connection.execute(f"explain (analyze, format json) {query}").fetchone() or (
        "",
        "{}",
    )
    for node in nodes(json.loads(text)):
        sides = [child.get("operator_cardinality", 0) for child in node.get("children", [])]
        kind = str(node.get("operator_name", ""))
        if len(sides) == 2 and ("JOIN" in kind or "CROSS" in kind):  # noqa: PLR2004
            out = node.get("operator_cardinality", 0)
            condition = str(
                node.get("extra_info", {}).get("Conditions", "every row with every row")
            )
            yield out / max(1, *sides), out, sides, condition.replace("|", "\\|")


def nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a node of a plan and all below it."""
    yield plan
    for child in plan.get("children", []):
        yield from nodes(child)


if __name__ == "__main__":
    main()
