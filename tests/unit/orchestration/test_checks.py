"""Suites as asset checks: what they are called, what they report, what they stop."""

import dagster as dg
import pytest

from expectations.checks import CheckSpec
from expectations.outcomes import Outcome
from orchestration.checks import (
    DOOR,
    WINDOW,
    check_specs,
    door_asset_key,
    note_outcomes,
    suite_result,
)
from orchestration.runs.record import RunRecord


def outcome(check="a", severity="critical", passed=False, error=None, **more):
    values = {
        "schema": "raw_ledger",
        "table": "invoices",
        "expectation": "expect_something",
        "column": None,
        "description": "Every invoice has a number.",
        "action": "Ask for the extract again.",
        **more,
    }
    return Outcome(check=check, severity=severity, passed=passed, error=error, **values)


def promise(schema, table, name):
    return CheckSpec(name, schema, table, "critical", f"{name}.", "Do it.", "expect_something")


SPEC = dg.AssetCheckSpec("door", asset=["ledger", "invoices"], blocking=True)


@pytest.mark.parametrize(
    ("schema", "key"),
    [("raw_ledger", "ledger"), ("raw_crm", "crm"), ("raw_meta", "loader")],
)
def test_raw_tables_have_the_keys_of_dbts_sources(schema, key):
    assert door_asset_key(schema, "t").path == [key, "t"]


def test_one_blocking_check_per_table_that_exists():
    promises = [
        promise("raw_ledger", "invoices", "b"),
        promise("raw_ledger", "invoices", "a"),
        promise("raw_ledger", "unknown", "c"),
    ]
    specs = check_specs(DOOR, promises, [dg.AssetKey(["ledger", "invoices"])])
    assert [(spec.asset_key.path, spec.name) for spec in specs] == [
        (["ledger", "invoices"], "door")
    ]
    assert specs[0].blocking
    assert specs[0].description == "a.; b."


def test_window_checks_are_on_marts():
    spec = promise("marts", "rpt_churn_month", "a")
    key = dg.AssetKey(["marts", "rpt_churn_month"])
    assert [found.asset_key for found in check_specs(WINDOW, [spec], [key])] == [key]


def test_all_passed():
    result = suite_result(SPEC, [outcome(passed=True), outcome(check="b", passed=True)])
    assert result.passed
    assert result.metadata["expectations"].value == 2


def test_a_warning_is_reported_and_stops_nothing():
    result = suite_result(SPEC, [outcome(severity="warning"), outcome(check="b", passed=True)])
    assert not result.passed
    assert result.severity is dg.AssetCheckSeverity.WARN


def test_a_critical_failure_stops_and_shows_its_rows():
    result = suite_result(SPEC, [outcome(sample=[{"line": 3}], metrics={"unexpected_count": 7})])
    assert not result.passed
    assert result.severity is dg.AssetCheckSeverity.ERROR
    assert result.metadata["a"].value["rows"] == [{"line": 3}]
    assert result.metadata["a"].value["unexpected_count"] == 7


def test_a_table_nobody_looked_at_is_no_pass():
    result = suite_result(SPEC, [])
    assert not result.passed
    assert result.severity is dg.AssetCheckSeverity.ERROR


def test_record_names_the_check_the_count_and_the_remedy():
    record = RunRecord()
    failed = outcome(sample=[{"line": 3}], metrics={"unexpected_count": 1234})
    note_outcomes(
        record, DOOR, [failed, outcome(check="b", severity="warning"), outcome(passed=True)]
    )
    assert record.facts["door"] == {"expectations": 3, "passed": 1, "warnings": 1, "failed": 1}
    problem = record.failures[0]
    assert problem.name == "raw_ledger.invoices.a"
    assert "1,234" in problem.description
    assert problem.advice == "Ask for the extract again."
    assert [warning.name for warning in record.warnings] == ["raw_ledger.invoices.b"]


def test_a_check_that_could_not_run_says_so():
    record = RunRecord()
    note_outcomes(record, DOOR, [outcome(error="no such column")])
    assert record.failures[0].description == "could not run: no such column"
