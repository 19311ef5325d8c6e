"""Every model, data test and unit test of the dbt project on a company without a single extract."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
from shared_parse import share_parse

from orchestration.loading.contract import load_contract
from orchestration.loading.schema import create_raw_tables

ROOT = Path(__file__).resolve().parents[3]


def test_models_tests_and_unit_tests_pass_without_any_data(tmp_path):
    path = tmp_path / "key_accounts.duckdb"
    with duckdb.connect(str(path)) as connection:
        create_raw_tables(connection, load_contract())
    environment = os.environ | {
        "KAW_WAREHOUSE": str(path),
        "KAW_TEMP_DIRECTORY": str(tmp_path / "tmp"),
        "DBT_PROFILES_DIR": str(ROOT),
    }
    target = tmp_path / "target"
    share_parse(target, environment)
    done = subprocess.run(
        [
            sys.executable, "-m", "dbt.cli.main", "--quiet", "build",
            "--target-path", str(target), "--log-path", str(tmp_path / "logs"),
        ],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:]
    results = json.loads((target / "run_results.json").read_text("utf-8"))["results"]
    kinds = Counter(result["unique_id"].split(".")[0] for result in results)
    assert min(kinds["model"], kinds["test"], kinds["unit_test"], kinds["seed"]) > 0
    # Saved queries are asked and exposures looked at; neither is built.
    built = [r for r in results if not r["unique_id"].startswith(("saved_query.", "exposure."))]
    assert {result["status"] for result in built} == {"success", "pass"}
