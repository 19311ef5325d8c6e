"""Measure a publish by itself: everything new, a month added, a month corrected, nothing changed.

    python benchmarks/publishing.py --lines 10000000

The warehouse is made of numbers alone: one line-level fact of 24 columns over 36 months.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import shutil
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
from measure import busy_share, describe_machine

from orchestration.publishing import publish

MONTHS = 36
LINES = """
    with numbers as (
        select
            n,
            n // 10 as document,
            cast(n * {months} // {lines} as integer) as month_no,
            cast(date '2022-01-01' + to_months(month_no) as date) as m,
            hash(n) as h,
            hash(n // 10) as hd
        from range({lines}) as r(n)
    )
    select
        'INV' || lpad(cast(document as varchar), 9, '0') as document_no,
        cast(n % 10 + 1 as bigint) as line_no,
        case when h % 50 = 0 then 'credit_note' else 'qualifying' end as line_class,
        h % 50 <> 0 as is_qualifying,
        'C' || cast(hd % 200000 as varchar) as customer_key,
        'C' || cast(hd % 200000 as varchar) as customer_code,
        'P' || cast(h % 5000 as varchar) as product_key,
        'CAT' || cast(h % 12 as varchar) as product_category,
        cast(m + cast(h % 28 as integer) as date) as document_date,
        m as reporting_month,
        'invoice' as document_type,
        cast(null as varchar) as original_document_no,
        'O' || cast(document as varchar) as order_no,
        'E' || cast(hd % 200 as varchar) as sales_employee_key,
        case when hd % 7 = 0 then 'USD' else 'CNY' end as currency,
        cast(h % 100 as decimal(18, 4)) as quantity,
        cast(h % 1000003 / 100 as decimal(18, 4)) as net_amount,
        cast(h % 1000003 / 100 as decimal(18, 4)) as net_revenue_amount,
        cast(h % 1000003 / 101 as decimal(18, 4)) as net_revenue_constant_amount,
        cast(h % 1009 / 100 as decimal(18, 4)) as discount_amount,
        cast(h % 700001 / 100 as decimal(18, 4)) as cost_amount,
        cast(h % 300007 / 100 as decimal(18, 4)) as margin_amount,
        cast(null as varchar) as return_reason_code,
        false as is_duplicate
    from numbers
"""
FACT = "marts.fct_invoice_lines"
LAST_MONTH = "reporting_month = (select max(reporting_month) from marts.fct_invoice_lines)"
# Each change is made in the warehouse before the publish it names.
CHANGES = {
    "everything new": f"create table later as from {FACT} where {LAST_MONTH};"
    f" delete from {FACT} where {LAST_MONTH}",
    "one month added": f"insert into {FACT} from later",
    "one month corrected": f"update {FACT} set cost_amount = 0"
    " where reporting_month = '2023-06-01'",
    "nothing changed": "select 1",
}


def main() -> None:
    """Make the warehouse, publish after every change and write a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--memory-limit", default="4GB")
    parser.add_argument("--work", type=Path, help="folder for the files; default a temporary one")
    default = Path(__file__).resolve().parent / "results" / "publishing.md"
    parser.add_argument("--output", type=Path, default=default)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        warehouse = work / "warehouse.duckdb"
        warehouse.unlink(missing_ok=True)
        shutil.rmtree(work / "published", ignore_errors=True)
        _change(warehouse, "create schema marts")
        _change(
            warehouse, f"create table {FACT} as {LINES.format(months=MONTHS, lines=options.lines)}"
        )
        manifest = work / "manifest.json"
        manifest.write_text(json.dumps({"nodes": _dbt_nodes()}), encoding="utf-8")
        rows = []
        for name, sql in CHANGES.items():
            _change(warehouse, sql)
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as one:
                row = one.submit(_publish, work, warehouse, manifest, options.memory_limit).result()
            rows.append({"publish": name, **row})
            print(rows[-1], flush=True)
        _write(options, rows)


def _change(warehouse: Path, sql: str) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(sql)


def _dbt_nodes() -> dict[str, Any]:
    return {
        "model": {
            "resource_type": "model",
            "schema": "marts",
            "name": "fct_invoice_lines",
            "config": {"materialized": "incremental"},
        },
        "test": {
            "resource_type": "test",
            "config": {},
            "attached_node": "model",
            "test_metadata": {
                "name": "unique_combination",
                "kwargs": {"columns": ["document_no", "line_no"]},
            },
        },
    }


def _publish(work: Path, warehouse: Path, manifest: Path, memory_limit: str) -> dict[str, Any]:
    busy, start = busy_share(), time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_SELF)
    release = publish(
        work / "published",
        warehouse,
        run_id="benchmark",
        manifest_extra={},
        memory_limit=memory_limit,
        dbt_manifest=manifest,
    )
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "wall": round(time.perf_counter() - start, 1),
        "cpu": round(cpu, 1),
        "peak": round(after.ru_maxrss * 1024 / 1e6),
        "busy": f"{busy:.0%}",
        "rows": sum(release.row_counts.values()),
        "seconds": release.manifest["seconds"],
    }


def _write(options: argparse.Namespace, rows: list[dict[str, Any]]) -> None:
    machine = "; ".join(f"{name} {value}" for name, value in describe_machine().items())
    steps = list(rows[0]["seconds"])
    lines = [
        f"# Publishing {options.lines:,} invoice lines",
        "",
        f"Machine: {machine}. Memory limit {options.memory_limit}, 2 threads.",
        "",
        "Seconds of wall and processor time; peak resident memory in MB of 10^6 bytes; share",
        "of the processors that other work took at the start. The steps are wall seconds.",
        "",
        f"| publish | rows | wall s | cpu s | peak MB | busy | {' | '.join(steps)} |",
        f"|{'---|' * (6 + len(steps))}",
    ]
    for row in rows:
        cells = [
            row["publish"],
            f"{row['rows']:,}",
            row["wall"],
            row["cpu"],
            row["peak"],
            row["busy"],
        ]
        cells += [round(row["seconds"][step], 1) for step in steps]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
