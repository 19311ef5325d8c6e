"""A company in which nothing changes: how often is it told that something did?

Failures of six hundred types fall at random, each at one rate for three years, and each type has an
action that does nothing. What the policies state as the level of false alarms must hold.
"""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from shared_parse import share_parse

ROOT = Path(__file__).resolve().parents[3]
MONTHS = pd.date_range("2022-01-01", periods=36, freq="MS")
TYPES_PER_RATE = 200
EVENTS_A_MONTH = (3, 20, 80)
# As seeds/policies/failure_policies.csv states them.
STATED = {
    "above_limit": {3: 1 / 130, 20: 1 / 180, 80: 1 / 180},
    "run_above": {3: 1 / 85, 20: 1 / 85, 80: 1 / 85},
    "verdict": 0.05,
}
MODELS = (
    "int_failure_policies", "int_failure_charts", "int_failure_runs", "int_failure_signals",
    "int_failure_comparisons", "int_action_verdicts", "rpt_failure_verdict",
)  # fmt: skip

pytestmark = pytest.mark.slow


def _unchanging_counts() -> pd.DataFrame:
    """One row per type and month; exposures rise and fall by a fifth, rates stay."""
    draw = np.random.default_rng(20240229)
    rows = []
    for mean in EVENTS_A_MONTH:
        for number in range(TYPES_PER_RATE):
            exposure = np.round(1000 + 200 * np.sin(np.arange(len(MONTHS)) / 2 + number))
            rows.append(
                pd.DataFrame(
                    {
                        "failure_code": f"at_{mean:03d}_{number:03d}",
                        "reporting_month": MONTHS.date,
                        "event_count": draw.poisson(mean * exposure / 1000),
                        "exposure_count": exposure.astype(int),
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory):
    """The verdicts of the company, one row per type and month."""
    home = tmp_path_factory.mktemp("unchanged")
    path = home / "key_accounts.duckdb"
    counts = _unchanging_counts()  # noqa: F841 - read by DuckDB
    months = pd.DataFrame({"reporting_month": MONTHS.date})  # noqa: F841 - read by DuckDB
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """
            create schema intermediate;
            create schema marts;
            create table marts.dim_months as
            select
                reporting_month,
                cast(reporting_month + interval 1 month as date) as period_end_date,
                true as is_closed_month
            from months;
            create table intermediate.int_failure_counts as
            select *, 'total' as cut, 'all' as cut_value from counts;
            create table intermediate.int_failure_months_known as
            select counts.*, asked.reporting_month as known_month, 0 as lag_months
            from counts
            inner join months as asked on counts.reporting_month <= asked.reporting_month;
            create table intermediate.int_known_failure_types as
            select distinct
                failure_code,
                'family_of_' || failure_code as failure_family_code,
                date '2022-01-01' as known_from_month
            from counts;
            create table intermediate.int_action_targets as
            select
                failure_code as action_id,
                'failure' as target_kind,
                failure_code as target_code,
                true as is_named,
                date '2023-02-10' as decided_on,
                date '2023-03-20' as done_on,
                date '2023-02-01' as baseline_end_month,
                date '2023-04-01' as after_start_month
            from intermediate.int_known_failure_types;
            create table intermediate.int_cause_comparisons (
                target_code varchar, known_month date, action_id varchar, done_on date,
                is_after_complete boolean, baseline_from_month date, baseline_to_month date,
                after_from_month date, after_to_month date, before_events bigint,
                before_exposure bigint, before_episodes bigint, before_known_episodes bigint,
                after_events bigint, after_exposure bigint, after_episodes bigint,
                after_known_episodes bigint, is_confounded boolean
            );
            """
        )
    environment = os.environ | {
        "KAW_WAREHOUSE": str(path),
        "KAW_TEMP_DIRECTORY": str(home / "tmp"),
        "DBT_PROFILES_DIR": str(ROOT),
    }
    share_parse(home / "target", environment)
    done = subprocess.run(
        [
            sys.executable, "-m", "dbt.cli.main", "--quiet", "build",
            "--indirect-selection", "empty", "--select", "failure_policies", *MODELS,
            "--target-path", str(home / "target"), "--log-path", str(home / "logs"),
        ],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(
            """
            select
                failure_type_key,
                cast(substr(failure_type_key, 4, 3) as int) as mean,
                reporting_month,
                new_rule,
                rpt_failure_verdict.verdict,
                is_above_limit,
                is_run_above,
                is_effect
            from marts.rpt_failure_verdict
            inner join intermediate.int_failure_signals as signals
                on failure_type_key = signals.failure_code and reporting_month = signals.known_month
            left join intermediate.int_action_verdicts as actions
                on failure_type_key = target_code and reporting_month = actions.known_month
            """
        ).df()


@pytest.mark.parametrize("mean", EVENTS_A_MONTH)
@pytest.mark.parametrize("rule", ["above_limit", "run_above"])
def test_new_problems_are_told_no_more_often_than_stated(unchanged, rule, mean):
    asked = unchanged[(unchanged["mean"] == mean) & unchanged[f"is_{rule}"].notna()]
    alarms = int(asked[f"is_{rule}"].astype(bool).sum())
    print(f"{rule} at {mean}: {alarms} of {len(asked)}, one in {len(asked) / max(alarms, 1):.0f}")
    stated = STATED[rule][mean] * len(asked)
    # Runs overlap: one unlucky start tells several months. Twice as wide as single months vary.
    assert alarms <= stated + 4 * stated**0.5


def test_no_type_is_unseen_that_was_always_there(unchanged):
    assert not (unchanged.new_rule == "unseen_type").any()


def test_actions_without_effect_are_rarely_said_to_have_one(unchanged):
    is_told = unchanged.verdict != "insufficient_exposure"
    effects = unchanged[unchanged.is_effect.fillna(value=False).astype(bool) & is_told]
    assert len(effects) == len(EVENTS_A_MONTH) * TYPES_PER_RATE
    for found in (["worse"], ["solved", "improved"]):
        share = effects.verdict.isin(found).mean()
        print(f"{found}: {share:.4f} of {len(effects)}")
        assert share <= STATED["verdict"]
