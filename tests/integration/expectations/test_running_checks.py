"""How checks are run: what a failure shows, what an exception becomes, what is left behind."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from types import ModuleType

import duckdb
import pytest
from expectations_bench import SETTINGS

from expectations.checks import CheckSpec
from expectations.outcomes import Outcome, blocking
from expectations.registry import door_checks

pytestmark = pytest.mark.xdist_group("expectations")

CONFIG = {"reporting_currency": "CNY", "rejected_share_tolerance": 0.5}
LEDGER = [("raw_ledger", "invoices"), ("raw_ledger", "invoice_lines")]


@pytest.fixture(scope="module")
def runner() -> ModuleType:
    from expectations import runner as module  # noqa: PLC0415 - imports Great Expectations

    return module


@pytest.fixture
def warehouse(clean_warehouse: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy2(clean_warehouse, tmp_path))


def execute(path: Path, sql: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)


def by_name(outcomes: list[Outcome]) -> dict[str, Outcome]:
    return {outcome.check: outcome for outcome in outcomes}


def special(**changed: object) -> CheckSpec:
    given = {
        "name": "special",
        "schema": "raw_ledger",
        "table": "products",
        "severity": "info",
        "description": "A promise.",
        "action": "Do something about it.",
        "expectation": "ExpectRequiredColumnToBeFilled",
        "arguments": {"column": "product_code"},
    }
    return CheckSpec(**{**given, **changed})


def test_failure_shows_count_key_file_and_line(runner, warehouse, tmp_path):
    execute(
        warehouse,
        "update raw_ledger.invoices set document_type = 'bill', customer_code = 'X9'"
        " where document_no = 'D4'",
    )
    outcomes = runner.run_door(warehouse, tmp_path / "docs", "r", tables=LEDGER, config=CONFIG)
    failed = by_name([o for o in outcomes if not o.passed])
    assert set(failed) == {"document_type_in_vocabulary", "customer_code_known"}
    vocabulary = failed["document_type_in_vocabulary"]
    assert vocabulary.severity == "critical"
    assert vocabulary.metrics["unexpected_count"] == 1
    assert vocabulary.sample == [
        {
            "file_name": "delivery-2.csv",
            "document_type": "bill",
            "document_no": "D4",
            "load_file_id": 2,
            "load_line_number": 3,
        }
    ]
    unknown = failed["customer_code_known"]
    assert unknown.sample[0]["customer_code"] == "X9"
    assert unknown.sample[0]["file_name"] == "delivery-2.csv"
    assert unknown.metrics["unexpected_count"] == 1
    assert "customer_code=X9" in unknown.message()
    assert Path(unknown.docs).is_file()


def test_an_expectation_that_raises_is_a_failed_critical_check(runner, warehouse, tmp_path):
    checks = [
        special(name="missing_column", arguments={"column": "nope"}),
        special(name="broken_sql", expectation="ExpectRowsToHold", arguments={"rule": "nope = 1"}),
        special(name="wrong_argument", arguments={"columns": "product_code"}),
        special(name="unknown_class", expectation="ExpectNothing"),
        special(name="missing_table", table="nothing"),
        special(name="fine"),
    ]
    outcomes = runner.run_checks(warehouse, tmp_path / "docs", "door-r", checks, SETTINGS)
    assert [o.check for o in outcomes] == [c.name for c in checks]
    *broken, fine = outcomes
    assert fine.passed
    assert fine.severity == "info"
    for outcome in broken:
        assert not outcome.passed
        assert outcome.error
        assert outcome.severity == "critical"
    assert blocking(outcomes) == broken


@pytest.mark.parametrize("severity", ["critical", "warning", "info"])
def test_severity_decides_what_blocks(runner, warehouse, tmp_path, severity):
    check = special(
        severity=severity,
        expectation="ExpectValueFromVocabulary",
        arguments={"column": "product_code", "value_set": ["P1"]},
        sample_columns=("load_line_number",),
    )
    (outcome,) = runner.run_checks(warehouse, tmp_path / "docs", "door-r", [check], SETTINGS)
    assert not outcome.passed
    assert outcome.severity == severity
    assert outcome.blocks is (severity == "critical")
    assert 0 < len(outcome.sample) <= 20


def test_reads_beside_another_reader_and_lets_go_afterwards(runner, warehouse, tmp_path):
    with duckdb.connect(
        str(warehouse), read_only=True, config=SETTINGS.connection_config
    ) as reader:
        outcomes = runner.run_door(warehouse, tmp_path / "docs", "r", tables=LEDGER, config=CONFIG)
        assert reader.execute("select count(*) from raw_ledger.products").fetchone() == (2,)
    assert all(outcome.passed for outcome in outcomes)
    execute(warehouse, "create table raw_meta.written_after as select 1 as one")


def test_lets_go_after_a_failure_too(runner, warehouse, tmp_path):
    runner.run_checks(warehouse, tmp_path / "docs", "door-r", [special(table="nothing")], SETTINGS)
    execute(warehouse, "create table raw_meta.written_after as select 1 as one")


def test_missing_warehouse_is_an_error_and_not_a_pass(runner, tmp_path):
    with pytest.raises(FileNotFoundError, match="Load extracts"):
        runner.run_door(tmp_path / "none.duckdb", tmp_path / "docs", "r")


def test_pages_are_readable_offline_and_one_index_names_them(runner, warehouse, tmp_path):
    docs = tmp_path / "docs"
    execute(warehouse, "update raw_ledger.invoices set customer_code = 'X9' where load_file_id = 1")
    (outcome,) = [
        o
        for o in runner.run_door(warehouse, docs, "r", tables=LEDGER, config=CONFIG)
        if not o.passed
    ]
    index = (docs / "index.html").read_text(encoding="utf-8")
    page = Path(outcome.docs).read_text(encoding="utf-8")
    for html in (index, page):
        assert not re.search(r'(?:src|href)="https?://[^"]*\.(?:css|js|png)', html)
        assert "<script" not in html
    assert f'href="{Path(outcome.docs).relative_to(docs).as_posix()}"' in index
    assert outcome.description in index
    for text in (outcome.description, outcome.action, "X9"):
        assert text in page


def test_old_runs_are_pruned_by_series(runner, warehouse, tmp_path):
    docs = tmp_path / "docs"
    for number in range(3):
        for series in ("door", "window"):
            runner.run_checks(
                warehouse,
                docs,
                f"{series}-{number}",
                [special()],
                SETTINGS.from_config({"kept_runs": 2}),
            )
    for top in ("results", "validations"):
        runs = {path.name for path in (docs / top).glob("raw_ledger/products/*")}
        assert runs == {"door-1", "door-2", "window-1", "window-2"}


def test_regular_expressions_match_parts_of_strings(runner, warehouse, tmp_path, monkeypatch):
    """DuckDB's own ~ matches whole strings: the second of these checks would silently pass."""
    import great_expectations.expectations as gxe  # noqa: PLC0415

    from expectations import domain  # noqa: PLC0415

    for name in ("ExpectColumnValuesToMatchRegex", "ExpectColumnValuesToNotMatchRegex"):
        monkeypatch.setattr(domain, name, getattr(gxe, name), raising=False)
    checks = [
        special(name="has", expectation="ExpectColumnValuesToMatchRegex"),
        special(name="has_not", expectation="ExpectColumnValuesToNotMatchRegex"),
    ]
    checks = [
        special(
            name=check.name,
            table="customers",
            expectation=check.expectation,
            arguments={"column": "customer_name", "regex": "orth"},
            sample_columns=("customer_code",),
        )
        for check in checks
    ]
    has, has_not = runner.run_checks(warehouse, tmp_path / "docs", "door-r", checks, SETTINGS)
    assert (has.passed, has.metrics["unexpected_count"]) == (False, 3)
    assert (has_not.passed, has_not.metrics["unexpected_count"]) == (False, 1)
    assert has_not.sample[0]["customer_name"] == "Northwind"


def remembered(docs: Path) -> dict[str, object]:
    return json.loads((docs / "door_passed.json").read_text(encoding="utf-8"))


def test_rows_that_no_door_let_through_are_checked_again(runner, warehouse, tmp_path, monkeypatch):
    """Loading the same files again is a no-op, so a batch after a failed one may hold nothing."""
    few = [check for check in door_checks() if check.relation == LEDGER[0]]
    monkeypatch.setattr(runner.registry, "door_checks", lambda: few)
    docs = tmp_path / "docs"
    execute(
        warehouse, "update raw_ledger.invoices set document_type = 'bill' where load_file_id = 1"
    )

    def failures(batch_id: int) -> list[str]:
        outcomes = runner.run_door(warehouse, docs, "r", batch_id=batch_id, config=CONFIG)
        return [outcome.check for outcome in outcomes if not outcome.passed]

    assert failures(1) == ["document_type_in_vocabulary"]
    assert failures(2) == ["document_type_in_vocabulary"]
    execute(
        warehouse,
        "update raw_ledger.invoices set document_type = 'invoice' where document_type = 'bill'",
    )
    assert failures(2) == []
    assert remembered(docs)["batch_id"] == 2
    # What passed is not looked at again; a batch with the same rows as before has nothing new.
    execute(
        warehouse, "update raw_ledger.invoices set document_type = 'bill' where load_file_id = 1"
    )
    assert failures(3) == []


def test_another_warehouse_or_other_checks_are_checked_whole(runner, warehouse, tmp_path):
    from expectations import scope  # noqa: PLC0415

    docs = tmp_path / "docs"
    docs.mkdir()
    checks = door_checks()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        first = scope.read_scope(connection, docs, checks, 1)
        assert first.after_batch == 0
        scope.remember(docs, first, checks, 1)
        assert scope.read_scope(connection, docs, checks, 1).after_batch == 1
        assert scope.read_scope(connection, docs, checks[1:], 1).after_batch == 0
        assert scope.read_scope(connection, docs, checks, None).after_batch == 0
    execute(warehouse, "update raw_meta.load_batches set started_at = timestamp '2030-01-01'")
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        assert scope.read_scope(connection, docs, checks, 1).after_batch == 0


def test_scope_leaves_out_replaced_files(warehouse, tmp_path):
    from expectations import scope  # noqa: PLC0415

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = scope.read_scope(connection, tmp_path, door_checks(), None)
        assert found.files[("raw_ledger", "invoices")] == (1, 2, 3)
        rows = connection.execute(f"select count(*) from ({found.query('raw_ledger', 'invoices')})")
        assert rows.fetchone() == (6,)
