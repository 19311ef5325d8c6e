"""Every model, data test and unit test of the project on a company with a CRM and no ledger.

What needs orders is empty or unknown, and what the CRM alone knows is told. Whatever stands on the
ledger is built without a single row.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from shared_parse import share_parse

from orchestration.loading import load_contract, load_extracts, load_mapping

ROOT = Path(__file__).resolve().parents[3]

# One build for all, not one a worker.
pytestmark = pytest.mark.xdist_group("crm_only")


@pytest.fixture(scope="module")
def built(late_extracts, tmp_path_factory):
    """Results of dbt, and the warehouse, of the sample's CRM without its ledger."""
    sample, _ = late_extracts
    folder = tmp_path_factory.mktemp("crm_only")
    shutil.copytree(sample / "extracts" / "crm", folder / "extracts" / "crm")
    path = folder / "key_accounts.duckdb"
    mapping = load_mapping(sample / "extracts" / "mapping.yml")
    with duckdb.connect(str(path)) as connection:
        report = load_extracts(connection, folder / "extracts", mapping, load_contract())
    assert report.notices == ["There is no file of ledger at all: what needs it is unknown."]
    environment = os.environ | {
        "KAW_WAREHOUSE": str(path),
        "KAW_TEMP_DIRECTORY": str(folder / "tmp"),
        "DBT_PROFILES_DIR": str(ROOT),
    }
    target = folder / "target"
    share_parse(target, environment)
    done = subprocess.run(
        [
            sys.executable, "-m", "orchestration.dbt.process", "--quiet", "build",
            "--target-path", str(target), "--log-path", str(folder / "logs"),
        ],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:]
    return json.loads((target / "run_results.json").read_text("utf-8"))["results"], path


@pytest.fixture(scope="module")
def ask(built):
    with duckdb.connect(str(built[1]), read_only=True) as connection:
        yield lambda query: connection.execute(query).fetchall()


def test_models_tests_and_unit_tests_pass(built):
    results, _ = built
    kinds = Counter(result["unique_id"].split(".")[0] for result in results)
    assert min(kinds["model"], kinds["test"], kinds["unit_test"], kinds["seed"]) > 0
    # Saved queries are asked and exposures looked at; neither is built.
    apart = [r for r in results if not r["unique_id"].startswith(("saved_query.", "exposure."))]
    assert {result["status"] for result in apart} == {"success", "pass"}


def test_months_are_those_the_crm_was_delivered_for(ask):
    assert ask("select min(reporting_month)::text, count(*) > 12 from marts.dim_months") == [
        ("2024-12-01", True)
    ]
    assert ask("select bool_and(is_closed_month) from marts.dim_months") == [(True,)]


def test_what_the_crm_knows_is_told(ask):
    assert ask("select count(satisfied_rate) > 0 from marts.rpt_satisfaction_month") == [(True,)]
    assert ask("select count(resolution_in_time_rate) > 5 from marts.rpt_complaint_sla") == [
        (True,)
    ]
    assert ask("select sum(human_count) > 100 from marts.rpt_touchpoint_stage_month") == [(True,)]
    assert ask("select count(*) > 0 from marts.rpt_staff_customer_link") == [(True,)]


def test_what_needs_orders_is_unknown_and_says_why(ask):
    assert ask("select count(churn_rate), count(*) > 12 from marts.rpt_churn_month") == [(0, True)]
    coverage = ask(
        "select count(distinct input), sum(customer_count), count(customer_coverage_share),"
        " count(distinct reporting_month) = (select count(*) from marts.dim_months)"
        " from marts.rpt_data_coverage"
    )
    assert coverage == [(9, 0, 0, True)]
    assert ask("select count(human_per_customer_month) from marts.rpt_touchpoint_stage_month") == [
        (0,)
    ]
