"""Writes data-model.md: which mart joins which, drawn from the marts' own YAML.

A join is a relationships test, or a column named like the key of a dimension. Run it after adding
a dimension, a fact or a bridge: `python docs/build_data_model.py`. It reads YAML only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from expectations.window.generic import KEYS
from expectations.window.marts import MODELS, Mart, read_marts
from orchestration.yaml_file import read_yaml

PAGE = Path(__file__).resolve().parent / "data-model.md"
# Reports are read alone; what they are made of is their lineage in the dbt docs.
DRAWN = ("dim_", "fct_", "bridge_")

HEAD = """# The data model

Written by `docs/build_data_model.py` from the marts' YAML; change that and run it again.

Each line is a join: many rows of the table on the right belong to one of the table on the left, by
the column named on the line. A box holds the columns that identify a row. There is a diagram for
each folder of `models/marts`. Reports (`rpt_`) are not drawn: each is read alone and carries the
codes it needs. Nor are joins by `reporting_month`, which every table that has the column shares
with `dim_months`.
"""


def read_relationships(marts: Path = MODELS) -> dict[str, dict[str, str]]:
    """Read which columns a relationships test ties to another mart.

    Args:
        marts: Folder of the marts' dbt YAML.

    Returns:
        By model, the mart that each such column must be found in.
    """
    found: dict[str, dict[str, str]] = {}
    for path in marts.rglob("*.yml"):
        document = read_yaml(path)
        for model in document.get("models") or []:
            found[model["name"]] = {
                column["name"]: goal[1]
                for column in model.get("columns") or []
                for test in column.get("data_tests") or []
                if "relationships" in test
                and (goal := re.search(r"'(\w+)'", test["relationships"]["arguments"]["to"]))
                and goal[1].startswith(DRAWN)
            }
    return found


def render(marts: Path = MODELS) -> str:
    """Write the page.

    Args:
        marts: Folder of the marts' dbt YAML.

    Returns:
        Markdown with one Mermaid diagram for each folder that has dimensions, facts or bridges.
    """
    drawn = {name: mart for name, mart in read_marts(marts).items() if name.startswith(DRAWN)}
    dimensions = {
        mart.key[0]: name
        for name, mart in drawn.items()
        if name.startswith("dim_") and len(mart.key) == 1
    }
    tested = read_relationships(marts)
    folders = defaultdict(list)
    for path in sorted(marts.rglob("*.yml")):
        if path.stem in drawn:
            folders[path.parent.name].append(drawn[path.stem])
    parts = [HEAD]
    for folder, tables in folders.items():
        lines = [
            f"    {goal} ||--o{{ {table.name} : {column.name}"
            for table in tables
            for column in table.columns
            if (goal := tested[table.name].get(column.name) or dimensions.get(column.name))
            and goal not in {table.name, "dim_months"}
        ]
        for table in tables:
            lines += _box(table)
        parts.append(
            f"\n## {folder}\n\n```mermaid\nerDiagram\n    direction LR\n"
            + "\n".join(lines)
            + "\n```\n"
        )
    return "".join(parts)


def _box(table: Mart) -> list[str]:
    types = {column.name: re.sub(r"\W.*", "", column.data_type) for column in table.columns}
    key = table.key or KEYS[table.name]
    return [f"    {table.name} {{", *(f"        {types[c]} {c} PK" for c in key), "    }"]


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
