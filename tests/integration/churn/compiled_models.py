"""Runs single models on rows of a test's own, in memory, without dbt: a model in milliseconds."""

import csv
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from orchestration.home import Home

SEEDS = Path(__file__).resolve().parents[3] / "seeds"


class CompiledModels:
    """Models as dbt compiled them in a home, over tables that a test fills."""

    def __init__(self, home: Path) -> None:
        folder = Path(Home.at(home).dbt_target, "compiled")
        self._files = {
            path.stem: path
            for path in folder.rglob("models/**/*.sql")
            if path.parent.suffix != ".yml"
        }
        self.connection = duckdb.connect()
        self.connection.execute("attach ':memory:' as key_accounts")
        for schema in ("seeds", "intermediate", "marts"):
            self.connection.execute(f"create schema key_accounts.{schema}")

    def fill(self, table: str, columns: str, rows: Iterable[tuple]) -> None:
        """Replace a table, such as marts.dim_months, by rows.

        Args:
            table: Its schema and name.
            columns: Names and types, as in `create table`.
            rows: Values in that order.
        """
        self.connection.execute(f"create or replace table key_accounts.{table} ({columns})")
        literals = [f"({', '.join(map(_literal, row))})" for row in rows]
        if literals:
            self.connection.execute(
                f"insert into key_accounts.{table} values {', '.join(literals)}"
            )

    def fill_from_seed(self, name: str, columns: tuple[str, ...]) -> None:
        """Fill a table of a vocabulary with some of its columns, as text or booleans."""
        with next(SEEDS.rglob(f"{name}.csv")).open(encoding="utf-8") as file:
            rows = [tuple(row[column] for column in columns) for row in csv.DictReader(file)]
        flags = {c: all(r[i] in ("true", "false") for r in rows) for i, c in enumerate(columns)}
        types = ", ".join(f"{c} {'boolean' if flags[c] else 'varchar'}" for c in columns)
        self.fill(f"seeds.{name}", types, rows)

    def build(self, *names: str) -> None:
        """Run models in the order given."""
        for name in names:
            schema = "marts" if "/marts/" in self._files[name].as_posix() else "intermediate"
            query = self._files[name].read_text("utf-8")
            self.connection.execute(
                f"create or replace table key_accounts.{schema}.{name} as {query}"
            )

    def rows(self, query: str) -> list[tuple]:
        """Return the rows of a query over key_accounts."""
        self.connection.execute("use key_accounts")
        try:
            return self.connection.execute(query).fetchall()
        finally:
            self.connection.execute("use memory")


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool | int | float | Decimal):
        return str(value)
    if isinstance(value, date):
        return f"date '{value}'"
    return "'" + str(value).replace("'", "''") + "'"
