"""What a release's manifest says: what the marts were made from, and what they are."""

from __future__ import annotations

import contextlib
import importlib.metadata
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing.content import Content, quote
from orchestration.publishing.marts import MONTH_COLUMN, Catalog, Mart
from orchestration.publishing.shelf import DUCKDB_FILE
from orchestration.publishing.writer import Plan, Previous

STORAGE_VERSION = "v1.0.0"
# Raised when the way files are written changes, so that older ones are not built upon.
FORMAT_VERSION = 1
# What the caller may say about the run; the rest of the manifest is found here.
RUN_KEYS = ("as_of_month", "extracts", "checks", "code_version")


def warehouse_facts(
    connection: duckdb.DuckDBPyConnection, database: str, catalog: Catalog, marts_schema: str
) -> dict[str, Any]:
    """Read from the warehouse which month the marts report and which extracts they came from."""
    as_of_month = None
    dim_months = catalog.marts.get("dim_months")
    if dim_months is not None and dim_months.has_column(MONTH_COLUMN):
        months = f"{quote(database)}.{quote(marts_schema)}.dim_months"
        row = connection.execute(
            f"select strftime(max({MONTH_COLUMN}), '%Y-%m') from {months}"
        ).fetchone()
        as_of_month = row[0] if row else None
    extracts = []
    has_extracts = connection.execute(
        "select count(*) from duckdb_tables() where database_name = ? and schema_name = 'raw_meta' "
        "and table_name = 'extract_files'",
        [database],
    ).fetchone()
    if has_extracts and has_extracts[0]:
        rows = connection.execute(
            f"""
            select distinct source_name, file_name, content_hash, mapping_hash
            from {quote(database)}.raw_meta.extract_files
            where status = 'loaded'
            order by all
            """
        ).fetchall()
        names = ("source", "file", "sha256", "mapping_sha256")
        extracts = [dict(zip(names, row, strict=True)) for row in rows]
    return {"as_of_month": as_of_month, "extracts": extracts, "checks": {}}


def run_facts(manifest_extra: dict[str, Any], manifest: dict[str, Any]) -> dict[str, Any]:
    """Return what the manifest says of the run: the caller's word first, then what was found."""
    known = {key: manifest_extra[key] for key in RUN_KEYS if manifest_extra.get(key) is not None}
    rest = {key: value for key, value in manifest_extra.items() if key not in RUN_KEYS}
    return {**{key: manifest[key] for key in RUN_KEYS}, **known, "run": rest}


def file_entry(
    target: Path, content: dict[str, dict[str, Content]], work: Plan, base: Previous | None
) -> dict[str, Any]:
    """Return the manifest's entry for the DuckDB file.

    `whole_bytes_per_row` is that of the last file written whole; a copy carries it on, so that the
    growth of copies of copies can be told.
    """
    size = target.stat().st_size
    rows = sum(part.rows for parts in content.values() for part in parts.values())
    whole = size / max(rows, 1)
    if work.copy_file and base is not None:
        whole = base.manifest["duckdb_file"]["whole_bytes_per_row"]
    return {
        "path": DUCKDB_FILE,
        "bytes": size,
        "storage_version": STORAGE_VERSION,
        "is_copied_forward": work.copy_file,
        "whole_bytes_per_row": whole,
    }


def mart_entry(
    mart: Mart, content: dict[str, Content], files: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the manifest's entry for a mart."""
    return {
        "row_count": sum(part.rows for part in content.values()),
        "version": mart.version,
        "description": mart.description,
        "is_monthly": mart.is_monthly,
        "key": list(mart.key),
        "columns": [
            {key: value for key, value in asdict(column).items() if key != "is_pii"}
            for column in mart.columns
        ],
        "files": files,
    }


def code_version() -> str:
    """Return what git says of the project, or the package's version outside a checkout."""
    project = Path(__file__).resolve().parents[2]
    if (project / ".git").exists():
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            described = subprocess.run(
                ["git", "describe", "--always", "--tags", "--dirty"],
                cwd=project,
                capture_output=True,
                text=True,
                check=True,
                timeout=10,
            )
            return described.stdout.strip()
    return importlib.metadata.version("key-account-warehouse")
