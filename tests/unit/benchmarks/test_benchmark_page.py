"""Ratios of kept results, and the tables that show them."""

import json
import re

import pytest
from page import build_page
from plot import PROJECT, by_size, draw
from results import read_results

STAGES = {
    "load": {"wall": 10.0, "cpu": 15.0, "peak": 900.0, "disk": 1500.0},
    "door": {"wall": 4.0, "cpu": 4.0, "peak": 950.0, "disk": 1500.0},
    "window": {"wall": 6.0, "cpu": 6.0, "peak": 950.0, "disk": 1600.0},
    "rest": {"wall": 80.0, "cpu": 90.0, "peak": 800.0, "disk": 1700.0},
}
WALLS = {"floor": 5.0, "pandas": 2.0, "dlt": 20.0, "first": 100.0, "month": 60.0}


def row(kind, wall, busy=0.0):
    staged = {"stages": STAGES, "test_seconds": 15.0} if kind in ("first", "month") else {}
    return {
        "kind": kind, "step": f"the {kind}", "wall_seconds": wall, "cpu_seconds": wall * 2,
        "peak_tree_mb": 1000.0, "peak_process_mb": 900.0, "disk_mb": None, "busy_before": busy,
        **staged,
    }  # fmt: skip


def keep(folder, name, *, busy=0.0, **changes):
    content = {
        "case": name, "kind": "sample", "scale": 1.0, "format": "csv.gz", "lines": 500_000,
        "customers": 2000, "measured_on": "2026-01-02", "machine": {"processor": "X", "cores": "2"},
        "rows": [row(step, wall, busy) for step, wall in WALLS.items()], "failed": {"spark": -9},
    } | changes  # fmt: skip
    (folder / f"{name}.json").write_text(json.dumps(content))


@pytest.fixture
def kept(tmp_path):
    keep(tmp_path, "sample-10", scale=10.0, busy=0.5)
    keep(tmp_path, "sample-1-parquet", format="parquet")
    keep(tmp_path, "sample-1")
    keep(tmp_path, "ledger", kind="ledger", scale=None, lines=None, customers=None)
    keep(tmp_path, "curve-lines-1-2000", kind="curve-lines")
    (tmp_path / "other.json").write_text('{"rows": []}')
    (tmp_path / "sample-3.json.partial").write_text("{")
    return read_results(tmp_path)


def test_results_stand_from_the_smallest_up(kept):
    names = ["ledger", "sample-1", "sample-1-parquet", "sample-10", "curve-lines-1-2000"]
    assert [result.name for result in kept] == names


def test_ratios_are_those_of_one_machine(kept):
    result = kept[1]
    assert result.over_floor("first") == 20.0
    assert result.over_floor("first", "cpu_seconds") == 20.0
    assert result.per_million_lines("first") == 200.0
    assert result.month_share == 0.6
    assert result.load_over("dlt") == 0.5
    # Door, window and dbt's tests, of the first run.
    assert result.check_share == 0.25


def test_what_was_not_measured_has_no_ratio(kept):
    ledger = kept[0]
    assert ledger.per_million_lines("first") is None
    assert ledger.over_floor("refresh") is None
    assert ledger.wall("spark") is None


def test_every_row_of_a_table_has_all_its_cells(kept):
    for block in build_page(kept).split("\n\n"):
        lines = block.splitlines()
        if lines[0].startswith("|"):
            assert {line.count("|") for line in lines} == {lines[0].count("|")}


def test_page_says_what_was_measured(kept):
    page = build_page(kept)
    assert "Machine: processor X; cores 2; measured on 2026-01-02." in page
    assert "| sample 1x, CSV, gzip | 0.50 | 2,000 | 5.0 | 100.0 | 20.0 | 20.0 | 200 |" in page
    assert "| 0.60 | 25% |" in page
    assert "did not finish (status -9)" in page
    assert "| load | 10.0 | 10% | 15.0 | 900 | 1,500 |" in page
    assert "## As the ledger grows" in page
    assert "## As customers grow" not in page


def test_only_what_began_on_a_busy_machine_is_marked(kept):
    marked = [line for line in build_page(kept).splitlines() if re.match(r"\|.* \*", line)]
    assert marked
    assert all("sample 10x" in line for line in marked)


def test_page_without_results_says_so():
    page = build_page([])
    assert "No results are kept yet" in page
    assert "|---" not in page
    assert "two-cores.md" in page


def test_a_size_is_drawn_once(kept):
    assert [result.name for result in by_size(kept)] == ["sample-1", "sample-10"]


def test_the_same_results_are_drawn_the_same(kept, tmp_path):
    for name in ("a.svg", "b.svg"):
        draw(kept, tmp_path / name)
    text = (tmp_path / "a.svg").read_text()
    assert text == (tmp_path / "b.svg").read_text()
    for words in ("kaw run, everything", "million invoice lines", "As the ledger grows"):
        assert words in text
    assert "As customers grow" not in text


def test_the_page_in_docs_is_that_of_the_results_kept():
    page = (PROJECT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert page == build_page(read_results(PROJECT / "benchmarks" / "results"))
