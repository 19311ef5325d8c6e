"""Say what each model of a home's last build cost, from what dbt noted.

    python benchmarks/models.py home
    python benchmarks/models.py home --top 40

Seconds are dbt's own, of one node at a time: planning, the statement and its commit. Those of a
home whose models were rebuilt one month at a time are of the last month's build.
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
    """Print the costs by folder, and those of the dearest models."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", type=Path, help="home folder whose last run built the models")
    parser.add_argument("--top", type=int, default=20, help="how many models are listed")
    options = parser.parse_args()
    home = Home.at(options.home)
    results = home.dbt_target / "run_results.json"
    if not results.exists():
        parser.error(f"{results} does not exist: run `kaw run --home {options.home}` first")
    built = json.loads(results.read_text("utf-8"))["results"]
    manifest = json.loads((home.dbt_target / "manifest.json").read_text("utf-8"))
    nodes = manifest["nodes"] | manifest.get("unit_tests", {})
    print(
        "\n".join(report(built, nodes, load_seconds(home.runs), rows(home.warehouse), options.top))
    )


def report(
    built: list[Mapping[str, Any]],
    nodes: Mapping[str, Mapping[str, Any]],
    load: float | None,
    row_counts: Mapping[str, int],
    top: int,
) -> Iterator[str]:
    """Yield the lines of two tables: folders, and the dearest models.

    Args:
        built: Results of dbt's run_results.json.
        nodes: Nodes of its manifest, by unique id.
        load: Seconds the home's last run took to load, or None where it loaded nothing.
        row_counts: Rows of each table of the warehouse, by name.
        top: How many models are listed.
    """
    folders: dict[str, list[float]] = {}
    for result in built:
        folder = folder_of(nodes.get(result["unique_id"]), result["unique_id"])
        folders.setdefault(folder, []).append(result["execution_time"])
    total = sum(sum(seconds) for seconds in folders.values())
    yield f"| what | nodes | seconds | share of {total:.0f} s |"
    yield "|---|---|---|---|"
    for folder, seconds in sorted(folders.items(), key=lambda item: -sum(item[1])):
        yield f"| {folder} | {len(seconds)} | {sum(seconds):.1f} | {sum(seconds) / total:.1%} |"
    if load is not None:
        yield f"| for comparison: loading | | {load:.1f} | |"
    yield ""
    yield "| model | rows | seconds |"
    yield "|---|---|---|"
    models = [result for result in built if result["unique_id"].startswith("model.")]
    for result in sorted(models, key=lambda result: -result["execution_time"])[:top]:
        name = result["unique_id"].rpartition(".")[2]
        count = f"{row_counts[name]:,}" if name in row_counts else ""
        yield f"| `{name}` | {count} | {result['execution_time']:.2f} |"


def folder_of(node: Mapping[str, Any] | None, unique_id: str) -> str:
    """Return the folder of a model, such as marts/churn, or the kind of any other node."""
    kind = unique_id.partition(".")[0]
    if node is None or kind != "model":
        return f"{kind}s"
    return str(Path(node["original_file_path"]).parent.relative_to("models"))


def load_seconds(runs: Path) -> float | None:
    """Return how long the newest run that loaded anything took to load."""
    for record in sorted(runs.glob("*.json"), key=lambda path: -path.stat().st_mtime):
        seconds = json.loads(record.read_text("utf-8")).get("seconds", {})
        if "load" in seconds:
            return float(seconds["load"])
    return None


def rows(warehouse: Path) -> dict[str, int]:
    """Return the rows of each table of a warehouse, as DuckDB's catalog knows them."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return dict(
            connection.execute("select table_name, estimated_size from duckdb_tables()").fetchall()
        )


if __name__ == "__main__":
    main()
