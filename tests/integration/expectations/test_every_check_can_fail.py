"""Every check passes on clean rows, and fails, without an error, on rows broken for it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from expectations_bench import DIRTY, SETTINGS, is_list, mutation_for

from expectations.checks import CheckSpec
from expectations.registry import door_checks, window_checks

pytestmark = pytest.mark.xdist_group("expectations")

CHECKS = [*door_checks(), *window_checks()]


def test_every_check_has_a_mutation():
    assert [c.identifier for c in CHECKS if mutation_for(c) is None] == []


def test_every_mutation_has_a_check():
    for place, checks in (("door", door_checks()), ("window", window_checks())):
        names = {c.identifier for c in checks} | {c.expectation for c in checks}
        written = yaml.safe_load((DIRTY / f"{place}.yml").read_text(encoding="utf-8"))
        assert sorted(set(written) - names) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.identifier)
def test_check_fails_on_its_mutation(bench, check: CheckSpec):
    from expectations.results import error_of  # noqa: PLC0415

    result = bench.broken_by(check, mutation_for(check))
    assert error_of(result) is None
    assert not result.success


@pytest.mark.parametrize(
    "check",
    [c for c in CHECKS if "columns" in c.arguments and is_list(c)],
    ids=lambda c: c.identifier,
)
def test_a_row_names_all_its_broken_columns(bench, check: CheckSpec):
    result = bench.broken_by(check, mutation_for(check), {"result_format": "COMPLETE"})
    rows = result.result["details"]["unexpected_rows"]
    assert rows[0]["broken_columns"].split(", ") == check.arguments["columns"]


@pytest.mark.parametrize("place", ["door", "window"])
def test_clean_warehouse_passes(clean_warehouse: Path, tmp_path: Path, place: str):
    from expectations import runner  # noqa: PLC0415

    config = {
        "reporting_currency": SETTINGS.reporting_currency,
        "rejected_share_tolerance": SETTINGS.rejected_share_tolerance,
    }
    run = runner.run_door if place == "door" else runner.run_window
    outcomes = run(clean_warehouse, tmp_path, "clean", config=config)
    expected = door_checks() if place == "door" else window_checks()
    assert [o.message() for o in outcomes if not o.passed] == []
    assert [f"{o.schema}.{o.table}.{o.check}" for o in outcomes] == [c.identifier for c in expected]
