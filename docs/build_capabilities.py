"""Writes capabilities.md: what the owner asked for, and which mart and column answers it.

The rows stand in capabilities.yml; names in it must exist in the marts' YAML. Run it after changing
either: `python docs/build_capabilities.py`. It reads YAML only and touches no warehouse.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from orchestration.yaml_file import read_yaml

DOCS = Path(__file__).resolve().parent
ROWS = DOCS / "capabilities.yml"
PAGE = DOCS / "capabilities.md"
MARTS = DOCS.parent / "models" / "marts"

HEAD = """# What the warehouse answers

Written by `docs/build_capabilities.py` from `docs/capabilities.yml`; change that and run it again.

One line for each thing the owner asked for: the mart and column that answers it, or why nothing
does yet. {answered} of {total} rows have an answer. Of how many customers an answer can speak, and
of how much of their revenue, `rpt_data_coverage` says by month and input.

| id | question | 问题 | answered by | or why not, and what to know |
|---|---|---|---|---|
"""


def read_rows(path: Path = ROWS) -> list[dict[str, Any]]:
    """Read the rows.

    Args:
        path: YAML list of rows with id, title_en, title_zh, and answers (mart.column) or missing.

    Returns:
        Rows in the order of the file.
    """
    return list(read_yaml(path))


def read_columns(marts: Path = MARTS) -> set[str]:
    """List every published column as mart.column.

    Args:
        marts: Folder of the marts' dbt YAML.

    Returns:
        Names such as `rpt_churn_month.churn_rate`.
    """
    return {
        f"{model['name']}.{column['name']}"
        for path in marts.rglob("*.yml")
        for model in read_yaml(path).get("models") or []
        for column in model.get("columns") or []
    }


def find_faults(rows: list[dict[str, Any]], columns: set[str]) -> list[str]:
    """Find what is wrong with the rows.

    Args:
        rows: Rows as `read_rows` returns them.
        columns: Published columns as `read_columns` returns them.

    Returns:
        One sentence for each fault; none where all is well.
    """
    counts = Counter(row["id"] for row in rows)
    faults = [f"{name} stands in {count} rows." for name, count in counts.items() if count > 1]
    for row in rows:
        if bool(row.get("answers")) == bool(row.get("missing")):
            faults.append(f"{row['id']} needs an answer or a reason why there is none, not both.")
        faults += [
            f"{row['id']} names {answer}, which no mart has."
            for answer in row.get("answers", [])
            if answer not in columns
        ]
    return faults


def write_page(rows: list[dict[str, Any]]) -> str:
    """Write the page as Markdown.

    Args:
        rows: Rows as `read_rows` returns them.

    Returns:
        The whole page.
    """
    answered = sum(1 for row in rows if row.get("answers"))
    lines = [
        f"| {row['id']} | {row['title_en']} | {row['title_zh']}"
        f" | {', '.join(f'`{answer}`' for answer in row.get('answers', []))}"
        f" | {row.get('missing') or row.get('note', '')} |"
        for row in rows
    ]
    return HEAD.format(answered=answered, total=len(rows)) + "\n".join(lines) + "\n"


if __name__ == "__main__":
    found = read_rows()
    if faults := find_faults(found, read_columns()):
        raise SystemExit("\n".join(faults))
    PAGE.write_text(write_page(found), encoding="utf-8")
