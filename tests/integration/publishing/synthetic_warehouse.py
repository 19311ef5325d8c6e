"""A small warehouse file with a marts schema, and the dbt manifest that goes with it."""

import json
from pathlib import Path

import duckdb

LINES_A_MONTH = 40


def build_warehouse(
    path: Path, *, months: int = 3, stamp: int = 0, order: str = "n", change: str = ""
) -> Path:
    """Write a warehouse file anew.

    Args:
        path: File to write.
        months: Months of the ledger, from 2024-01.
        stamp: Number that every row of `rpt_stamp` carries; tells releases apart.
        order: SQL order in which rows are inserted, such as `hash(n)`.
        change: SQL run at the end, for instance a correction.
    """
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute("create schema raw_meta")
        connection.execute(
            f"""
            create table marts.fct_invoice_lines as
            with lines as (
                select
                    n,
                    cast(
                        date '2024-01-01' + to_months(cast(n // {LINES_A_MONTH} as integer)) as date
                    ) as m
                from range({months * LINES_A_MONTH}) as numbers(n)
            )
            select
                'INV' || lpad(cast(n // 4 as varchar), 6, '0') as document_no,
                cast(n % 4 + 1 as bigint) as line_no,
                m as reporting_month,
                'C' || cast(n % 7 as varchar) as customer_key,
                cast(n * 1.25 as decimal(18, 4)) as net_amount,
                n / 7.0 as discount_share,
                case when n % 5 = 0 then '客户 ' || cast(n as varchar) end as note
            from lines
            order by {order}
            """
        )
        connection.execute(
            "create table marts.dim_months as"
            " select distinct reporting_month from marts.fct_invoice_lines"
            " order by hash(reporting_month)"
        )
        connection.execute(
            f"create table marts.rpt_stamp as select n as line_no, cast({stamp} as bigint) as stamp"
            f" from range(500) as numbers(n) order by {order}"
        )
        connection.execute("create table marts.rpt_empty (reporting_month date, churn_rate double)")
        connection.execute("create table marts.dim_contacts (contact_name varchar)")
        connection.execute(
            """
            create table raw_meta.extract_files as
            select 'ledger' as source_name, 'ledger/invoices/2024-01.csv' as file_name,
                'abc' as content_hash, 'def' as mapping_hash, 'loaded' as status
            """
        )
        if change:
            connection.execute(change)
    return path


def write_dbt_manifest(
    path: Path, *, versions: dict[str, int] | None = None, pii: str = ""
) -> Path:
    """Write what publishing reads of a dbt manifest for `build_warehouse`'s marts."""
    keys = {
        "fct_invoice_lines": ["document_no", "line_no"],
        "dim_months": ["reporting_month"],
        "rpt_stamp": ["line_no"],
        "rpt_empty": ["reporting_month"],
        "dim_contacts": [],
    }
    nodes = {}
    for name, key in keys.items():
        meta = {"published": False} if name == "dim_contacts" else {}
        if name in (versions or {}):
            meta["version"] = versions[name]
        nodes[f"model.kaw.{name}"] = {
            "resource_type": "model",
            "schema": "marts",
            "name": name,
            "alias": name,
            "description": f"The {name}.\nOne row per {' and '.join(key)}.",
            "config": {"materialized": "table", "meta": meta},
            "columns": {
                column: {
                    "name": column,
                    "description": f"Key of {name}.",
                    "config": {"tags": ["pii"] if f"{name}.{column}" == pii else []},
                }
                for column in key
            },
        }
        if key:
            nodes[f"test.kaw.unique_{name}"] = {
                "resource_type": "test",
                "config": {"severity": "ERROR", "where": None},
                "attached_node": f"model.kaw.{name}",
                "test_metadata": {"name": "unique_combination", "kwargs": {"columns": key}},
            }
    path.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    return path
