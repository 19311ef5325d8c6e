"""The lists of checks: complete, unique, readable, and cheap to get."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from expectations import window
from expectations.checks import SEVERITIES, CheckSpec, by_table, require_unique_names
from expectations.contract_suites import contract
from expectations.registry import door_checks, window_checks
from expectations.window.generic import KEYS
from expectations.window.marts import read_marts

ALL = [*door_checks(), *window_checks()]


def test_listing_checks_does_not_import_great_expectations():
    code = (
        "import sys\n"
        "from expectations.registry import door_checks, window_checks\n"
        "door_checks(); window_checks()\n"
        "assert 'great_expectations' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_contract_table_has_its_key_checked():
    found = by_table(door_checks())
    for table in contract().tables.values():
        names = {check.name for check in found[(table.schema, table.name)]}
        assert {"key_occurs_once_per_file", "rows_belong_to_a_known_file"} <= names
        assert {f"{column}_filled" for column in table.key} <= names
        assert {f"{c.name}_filled" for c in table.columns if c.required} <= names
        assert {f"{c.name}_in_vocabulary" for c in table.columns if c.allowed} <= names


def test_every_published_mart_has_its_key_and_more_checked():
    found = by_table(window_checks())
    for mart in read_marts().values():
        if mart.is_published:
            checks = {check.name: check for check in found[("marts", mart.name)]}
            assert "key_is_unique" in checks, f"give {mart.name} a uniqueness test in its YAML"
            filled = checks["required_columns_filled"].arguments["columns"]
            assert set(mart.key or KEYS[mart.name]) <= set(filled)
            assert "no_personal_data" in checks


def test_the_window_asks_what_the_build_leaves_to_it():
    """A test that a run's build leaves out would else be asked by nobody."""
    found = by_table(window_checks())
    for name, mart in read_marts().items():
        checks = {check.name: check.arguments for check in found[("marts", name)]}
        filled = set(checks["required_columns_filled"]["columns"])
        keys = [arguments["key"] for arguments in checks.values() if "key" in arguments]
        for column in mart.columns:
            assert not column.is_required or column.name in filled, f"{name}.{column.name}"
            assert not column.is_unique or [column.name] in keys, f"{name}.{column.name}"


def test_every_report_has_checks_written_by_hand():
    by_hand = {c.table for module in window.HAND_WRITTEN for c in module.checks()}
    reports = {name for name in read_marts() if name.startswith("rpt_")}
    assert reports - by_hand == set()


def test_hand_written_checks_name_marts_and_columns_that_exist():
    marts = read_marts()
    for module in window.HAND_WRITTEN:
        for check in module.checks():
            columns = {column.name for column in marts[check.table].columns}
            named = {check.column, *check.sample_columns} - {None}
            assert named <= columns, check.identifier


def test_checks_say_what_they_promise_and_what_to_do():
    def is_readable(check: CheckSpec) -> bool:
        return (
            check.severity in SEVERITIES
            and re.fullmatch(r"[a-z][a-z0-9_]*", check.name) is not None
            and all(
                text.endswith(".") and "  " not in text and "{" not in text
                for text in (check.description, check.action)
            )
            and len(check.action) >= 40
            and not (check.column or "").startswith("_")
        )

    assert [check.identifier for check in ALL if not is_readable(check)] == []


def test_sample_columns_never_show_personal_data():
    personal = {
        (f"raw_{table.source}", table.name, column.name)
        for table in contract().tables.values()
        for column in table.columns
        if column.is_pii
    }
    shown = {(c.schema, c.table, name) for c in ALL for name in c.sample_columns}
    assert shown & personal == set()


def test_two_checks_of_one_name_are_refused():
    check = ALL[0]
    with pytest.raises(ValueError, match=check.name):
        require_unique_names([check, replace(check, description="Another promise.")])


def test_names_are_unique():
    assert [n for n, count in Counter(c.identifier for c in ALL).items() if count > 1] == []


def test_a_new_mart_is_checked_from_its_yaml_alone(tmp_path: Path):
    (tmp_path / "rpt_new.yml").write_text(
        """
        models:
          - name: rpt_new
            data_tests:
              - unique_combination: {arguments: {columns: [reporting_month, segment]}}
              - never_null: {arguments: {columns: [region]}}
            columns:
              - {name: reporting_month, data_type: date}
              - {name: segment, data_type: string}
              - {name: region, data_type: string}
              - {name: country, data_type: string, data_tests: [not_null]}
              - {name: city, data_type: string}
              - {name: lost_count, data_type: bigint}
              - {name: loss_rate, data_type: double}
              - {name: loss_low_rate, data_type: double}
              - {name: loss_high_rate, data_type: double}
              - {name: nickname, data_type: string, config: {tags: [pii]}}
          - name: rpt_hidden
            config: {meta: {published: false}}
            columns: [{name: id, data_type: string, data_tests: [unique]}]
        """,
        encoding="utf-8",
    )
    checks = {check.name: check for check in window_checks(tmp_path)}
    assert {check.table for check in checks.values()} == {"rpt_new"}
    assert {"key_is_unique", "has_rows", "loss_rate_inside_its_interval"} <= set(checks)
    listed = {
        name: check.arguments["columns"]
        for name, check in checks.items()
        if "columns" in check.arguments
    }
    rates = ["loss_rate", "loss_low_rate", "loss_high_rate"]
    assert listed == {
        "required_columns_filled": ["reporting_month", "segment", "region", "country"],
        "numbers_finite": rates,
        "rates_in_unit_interval": rates,
        "counts_not_negative": ["lost_count"],
        "months_are_first_days": ["reporting_month"],
    }
    assert "nickname" in checks["no_personal_data"].arguments["personal"]
    assert "email" in checks["no_personal_data"].arguments["personal"]
