"""A clean warehouse, and a bench on which one thing at a time is broken and mended again."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from expectations.checks import CheckSpec
from expectations.contract_suites import contract
from expectations.settings import Settings
from expectations.window.generic import LISTS
from expectations.window.marts import SCHEMA, read_marts

REPOSITORY = Path(__file__).resolve().parents[3]
CLEAN = REPOSITORY / "tests" / "fixtures" / "clean"
DIRTY = REPOSITORY / "tests" / "fixtures" / "dirty"
SETTINGS = Settings(reporting_currency="CNY", rejected_share_tolerance=0.5)
TYPES = {"string": "varchar"}
NEUTRAL = {"string": "'x'", "date": "date '2024-01-01'", "boolean": "false"}


def create_table(connection: duckdb.DuckDBPyConnection, name: str, columns: list[Any]) -> None:
    listed = ", ".join(f"{c['name']} {TYPES.get(c['data_type'], c['data_type'])}" for c in columns)
    connection.execute(f"create table {name} ({listed})")


def create_raw(connection: duckdb.DuckDBPyConnection) -> None:
    """All raw tables, as the source YAML declares them, with the clean rows and their books."""
    for source in ("ledger", "crm", "loader"):
        path = REPOSITORY / f"models/staging/{source}/_{source}__sources.yml"
        (block,) = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
        connection.execute(f"create schema {block['schema']}")
        for table in block["tables"]:
            create_table(connection, f"{block['schema']}.{table['name']}", table["columns"])
    connection.execute((CLEAN / "raw.sql").read_text(encoding="utf-8"))
    for table in contract().tables.values():
        connection.execute(
            f"""
            insert into raw_meta.extract_files by name
            select
                coalesce(loaded.load_file_id, refused.file_id) as file_id,
                '{table.source}' as source_name,
                '{table.name}' as table_name,
                'delivery-' || loaded.load_file_id || '.csv' as file_name,
                case when '{table.period_column}' <> 'None' and loaded.load_file_id < 9
                    then make_date(2024, loaded.load_file_id::int, 1) end as period_start,
                (period_start + interval 1 month)::date as period_end,
                1 as batch_id,
                loaded.loaded_count + coalesce(refused.rejected_count, 0) as line_count,
                loaded.loaded_count,
                coalesce(refused.rejected_count, 0) as rejected_count,
                0 as duplicate_count,
                case when loaded.load_file_id = 9 then 'superseded' else 'loaded' end as status
            from (
                select load_file_id, count(*) as loaded_count
                from {table.relation}
                group by load_file_id
            ) as loaded
            left join (
                select file_id, count(*) as rejected_count
                from raw_meta.rejected_rows
                where table_name = '{table.name}'
                group by file_id
            ) as refused on loaded.load_file_id = refused.file_id
            """
        )


def create_marts(connection: duckdb.DuckDBPyConnection) -> None:
    """All marts, as their YAML declares them, with the clean rows by hand."""
    connection.execute("create schema marts; create schema staging; create schema seeds;")
    for mart in read_marts().values():
        columns = [{"name": c.name, "data_type": c.data_type or "varchar"} for c in mart.columns]
        create_table(connection, f"marts.{mart.name}", columns)
    seeds = REPOSITORY / "seeds" / "vocabularies" / "customer_states.csv"
    connection.execute(f"create table seeds.customer_states as from '{seeds}'")
    connection.execute((CLEAN / "marts.sql").read_text(encoding="utf-8"))
    # A required column that the fixture does not care about gets its type's neutral value.
    for mart in read_marts().values():
        for column in mart.columns:
            if column.is_required:
                value = NEUTRAL.get(column.data_type, "0")
                connection.execute(
                    f"update marts.{mart.name} set {column.name} = {value}"
                    f" where not exists (from marts.{mart.name} where {column.name} is not null)"
                )


def build_clean(path: Path) -> Path:
    with duckdb.connect(str(path), config=SETTINGS.connection_config) as connection:
        # One transaction: each of a thousand statements would wait for the disk.
        connection.execute("begin")
        create_raw(connection)
        create_marts(connection)
        connection.execute("commit")
    return path


class Bench:
    """Tests one check after one mutation, without Data Docs, and puts everything back."""

    def __init__(self, path: Path) -> None:
        # Late, here and below: importing Great Expectations takes seconds.
        from expectations import context as gx_context  # noqa: PLC0415
        from expectations import dialect  # noqa: PLC0415

        self.connection = duckdb.connect(str(path), config=SETTINGS.connection_config)
        self.connection.execute("create schema kept")
        self.tables = [
            f"{schema}.{table}"
            for schema, table in self.connection.execute(
                "select table_schema, table_name from information_schema.tables"
                " where table_type = 'BASE TABLE' and table_schema <> 'kept'"
            ).fetchall()
        ]
        for table in self.tables:
            kept = table.replace(".", "__")
            self.connection.execute(f"create table kept.{kept} as from {table}")
        dialect.register()
        context = gx_context.open_context(path.parent / "state")
        self.source = context.data_sources.add_sql(
            "bench",
            connection_string=f"{dialect.URL_SCHEME}:///{path}",
            kwargs={
                **dialect.ENGINE_ARGUMENTS,
                "connect_args": {"config": SETTINGS.connection_config, "read_only": False},
            },
        )
        self.batches: dict[tuple[str, str], Any] = {}

    def batch(self, check: CheckSpec) -> Any:
        if check.relation not in self.batches:
            name = f"{check.schema}.{check.table}"
            current = f"select * from {name}"
            if check.schema in ("raw_ledger", "raw_crm"):
                current += " where load_file_id <> 9 or load_file_id is null"
            asset = self.source.add_query_asset(name, query=current)
            self.batches[check.relation] = asset.add_batch_definition_whole_table("x").get_batch()
        return self.batches[check.relation]

    def result(self, check: CheckSpec, result_format: Any = "BOOLEAN_ONLY") -> Any:
        from expectations.suites import build_expectation  # noqa: PLC0415

        expectation = build_expectation(check, SETTINGS)
        return self.batch(check).validate(expectation, result_format=result_format)

    def broken_by(
        self, check: CheckSpec, mutation: str, result_format: Any = "BOOLEAN_ONLY"
    ) -> Any:
        touched = [table for table in self.tables if table in mutation]
        try:
            for statement in mutation.split(";"):
                if statement.strip():
                    self.connection.execute(statement)
            return self.result(check, result_format)
        finally:
            for table in touched:
                kept = table.replace(".", "__")
                self.connection.execute(f"create or replace table {table} as from kept.{kept}")

    def close(self) -> None:
        self.source.get_execution_engine().close()
        self.source.get_engine().dispose()
        self.connection.close()


@cache
def _mutations(place: str) -> dict[str, str]:
    return dict(yaml.safe_load((DIRTY / f"{place}.yml").read_text(encoding="utf-8")))


def mutation_for(check: CheckSpec) -> str | None:
    """The SQL that breaks a check: its own if there is one, else its expectation's pattern."""
    place = "window" if check.schema == "marts" else "door"
    known = _mutations(place)
    text = known.get(check.identifier) or known.get(check.expectation)
    if text is None:
        return None
    # A check on a list of columns has every one of them broken.
    listed = check.arguments.get("columns", []) if is_list(check) else [check.column]
    return ";".join(
        str(text).format(
            relation=f"{check.schema}.{check.table}",
            source=check.schema.removeprefix("raw_"),
            table=check.table,
            column=column,
            **{k: v for k, v in check.arguments.items() if k not in {"source", "table", "column"}},
        )
        for column in listed
    )


def is_list(check: CheckSpec) -> bool:
    """Whether the check asks for many columns what it asks for each of them."""
    return check.schema == SCHEMA and check.name in LISTS
