"""Months filled in afterwards are the months as they were published one by one.

One home gets its extracts as the company sent them, and runs every month: files that came late
come late here, and a month that had to wait for its documents waits. The other has everything at
once and back-fills as known. Every mart of every month holds the same rows.
"""

import os
import re
import shutil
from datetime import date

import pytest
from pipeline_support import kaw, release_contents

from orchestration.assets import warehouse
from orchestration.dbt.arguments import build_arguments
from orchestration.home import Home
from orchestration.runs.backfill import backfill, months_between
from orchestration.runs.pipeline import Request

# KAW_BACKFILL_MONTHS=24 for two years. Ten hold a month whose ledger came late and a corrected one.
MONTHS = int(os.environ.get("KAW_BACKFILL_MONTHS", "10"))
HISTORY = max(MONTHS + 4, 12)  # the sample knows no shorter one
LAST = "2025-12"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("backfill")]


def next_month(month):
    year, number = (int(part) for part in month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1)


def deliveries(extracts):
    """Every file with its table, its month and the day it came."""
    for path in sorted(extracts.rglob("*.csv.gz")):
        month = re.search(r"\d{4}-\d{2}", path.name)[0]
        named = re.search(r"delivered-(\d{4}-\d{2}-\d{2})", path.name)
        came = date.fromisoformat(named[1]) if named else next_month(month)
        yield path, path.parent.name, month, came


def reporting_day(files, month):
    """The first day without a gap in the documents: what is missing is waited for."""
    first = {}
    for _, table, of_month, came in files:
        if table in ("invoices", "invoice_lines") and of_month <= month:
            key = (table, of_month)
            first[key] = min(came, first.get(key, came))
    return max([next_month(month), *first.values()])


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    home = tmp_path_factory.mktemp("company") / "home"
    result = kaw("sample", "--home", home, "--scale", "0.02", "--months", HISTORY)
    assert result.exit_code == 0, result.output
    return home


@pytest.fixture
def without_data_tests(monkeypatch):
    """Other tests run dbt's tests of the same company; here they would take most of the time."""

    def build(*given, **named):
        return [*build_arguments(*given, **named), "--exclude-resource-type", "test"]

    monkeypatch.setattr(warehouse, "build_arguments", build)


def run_as_it_came(company, home, files, month):
    """Deliver what had come when the month could be reported, run it, and return what it said."""
    day = reporting_day(files, month)
    for path, _, _, came in files:
        target = home / path.relative_to(company)
        if came <= day and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
    shutil.copy2(company / "extracts" / "mapping.yml", home / "extracts")
    # Where a month waited, the one after it has come as well by then.
    result = kaw("run", "--home", home, "--as-of", month)
    assert result.exit_code == 0, f"{month}: {result.output}"
    return release_contents(home)


def test_months_filled_in_are_the_months_as_they_came(company, tmp_path, without_data_tests):
    year, number = (int(part) for part in LAST.split("-"))
    first = year * 12 + number - MONTHS
    months = months_between(f"{first // 12}-{first % 12 + 1:02}", LAST)
    files = list(deliveries(company / "extracts"))
    late = [path for path, _, month, came in files if came != next_month(month)]
    assert late, "nothing came late: the test would prove little"
    request = Request(home=Home.at(company), as_known=True)
    for month, record in backfill(request, months[0], months[-1], lambda *_: None):
        assert record.status in ("published", "current"), f"{month}: {record.problems}"
        if month is not None:
            expected = run_as_it_came(company, tmp_path / "home", files, month)
        # The newest, by all that is known, is the last month, after which nothing came.
        found = release_contents(company)
        assert found.keys() == expected.keys()
        # At once, for the months take hours.
        differing = [name for name in expected if found[name] != expected[name]]
        assert not differing, f"{month}: {differing}"
