"""Which rows a run at the door looks at: those of deliveries that no door has let through yet.

A load whose checks fail leaves its rows in raw, and loading the same files again is a no-op. So
the door cannot look at the latest batch alone: it looks at every batch since the last one that
passed, and remembers that one beside the results. Without a memory of this very warehouse, or after
any check changed, everything is checked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from expectations.checks import CheckSpec

MEMORY_FILE = "door_passed.json"
BOOKS = ("raw_meta", "extract_files")


@dataclass(frozen=True)
class Scope:
    """Files whose rows are under test.

    Attributes:
        after_batch: Last batch that passed the door; 0 where everything is under test.
        files: Ids of current files under test, by (raw schema, table).
        file_names: Names of all files by id.
        birth: When the warehouse was first loaded, as text; tells one warehouse from another.
    """

    after_batch: int
    files: Mapping[tuple[str, str], tuple[int, ...]]
    file_names: Mapping[int, str]
    birth: str

    def query(self, schema: str, table: str) -> str:
        """Write the query of a raw table's rows under test.

        Args:
            schema: Schema of the table.
            table: Table.

        Returns:
            SQL without a semicolon.
        """
        if (schema, table) == BOOKS:
            return f"select * from {schema}.{table} where batch_id > {self.after_batch}"
        ids = ", ".join(str(i) for i in self.files.get((schema, table), ()))
        condition = f"load_file_id in ({ids})" if ids else "false"
        return f"select * from {schema}.{table} where {condition}"


def read_scope(
    connection: duckdb.DuckDBPyConnection,
    state: Path,
    checks: Iterable[CheckSpec],
    batch_id: int | None,
) -> Scope:
    """Find the files that the door must look at.

    Args:
        connection: Connection to the warehouse.
        state: Folder of the checks' results, which holds the memory of the last run.
        checks: All checks of the door; if one changed since, everything is checked again.
        batch_id: Latest batch, or None to check everything.

    Returns:
        The scope.
    """
    birth = warehouse_birth(connection)
    passed = 0
    if batch_id is not None:
        memory = recall(state / MEMORY_FILE)
        if memory.get("birth") == birth and memory.get("checks") == fingerprint(checks):
            passed = min(int(memory.get("batch_id", 0)), batch_id)
    rows = connection.execute(
        "select file_id, source_name, table_name, file_name, status, batch_id"
        " from raw_meta.extract_files order by file_id"
    ).fetchall()
    files: dict[tuple[str, str], list[int]] = {}
    for file_id, source, table, _, status, batch in rows:
        if status == "loaded" and (batch is None or batch > passed):
            files.setdefault((f"raw_{source}", table), []).append(file_id)
    return Scope(
        after_batch=passed,
        files={relation: tuple(ids) for relation, ids in files.items()},
        file_names={row[0]: row[3] for row in rows},
        birth=birth,
    )


def remember(state: Path, scope: Scope, checks: Iterable[CheckSpec], batch_id: int) -> None:
    """Remember that everything up to a batch passed the door.

    Args:
        state: Folder of the checks' results.
        scope: Scope of the run that passed.
        checks: All checks of the door.
        batch_id: Latest batch the run looked at.
    """
    memory = {"birth": scope.birth, "checks": fingerprint(checks), "batch_id": batch_id}
    (state / MEMORY_FILE).write_text(json.dumps(memory, indent=2) + "\n", encoding="utf-8")


def fingerprint(checks: Iterable[CheckSpec]) -> str:
    """Make a short text that changes with any check's meaning.

    Args:
        checks: Checks in any order.

    Returns:
        SHA-256 as hexadecimal text.
    """
    meaning = sorted(
        repr((c.identifier, c.severity, c.expectation, sorted(c.arguments.items()))) for c in checks
    )
    return hashlib.sha256("\n".join(meaning).encode()).hexdigest()


def warehouse_birth(connection: duckdb.DuckDBPyConnection) -> str:
    """Tell one warehouse from another by its first load.

    Args:
        connection: Connection to the warehouse.

    Returns:
        Start of the first load batch, as text.
    """
    return str(connection.execute("select min(started_at) from raw_meta.load_batches").fetchone())


def recall(path: Path) -> dict[str, Any]:
    """Read what a run remembered.

    Args:
        path: JSON file.

    Returns:
        Its content; empty where there is none or it cannot be read.
    """
    try:
        memory = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return memory if isinstance(memory, dict) else {}
