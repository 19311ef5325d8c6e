"""The failure waves planted in the sample are found in the month they can be, and not before."""

import csv
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest
from scipy.stats import beta, binom, binomtest
from shared_parse import share_parse
from statsmodels.stats.multitest import multipletests

from orchestration.loading import load_contract, load_extracts, load_mapping
from orchestration.sample import generate

ROOT = Path(__file__).resolve().parents[3]
# Of charted months of types without a wave, how many may break a limit or end a run by chance:
# one in seven hundred and one in two hundred and fifty-six, in a sample of two hundred.
MOST_FALSE_ALARMS = 6
# Months a wave may run before a limit or a run rule tells it from chance.
LATEST_ALARM = 2
# The seed the waves were planted with, and one that no rule was ever looked at with.
SEEDS = (42, 20261)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=SEEDS)
def planted(request, tmp_path_factory):
    """Truth of a sample company of full size, and a connection to its failure marts."""
    home = tmp_path_factory.mktemp("planted") / "home"
    generate(home, scale=1.0, months=36, seed=request.param)
    path = home / "key_accounts.duckdb"
    with duckdb.connect(str(path)) as connection:
        mapping = load_mapping(home / "extracts" / "mapping.yml")
        load_extracts(connection, home / "extracts", mapping, load_contract())
    environment = os.environ | {
        "KAW_WAREHOUSE": str(path),
        "KAW_TEMP_DIRECTORY": str(home / "tmp"),
        "DBT_PROFILES_DIR": str(ROOT),
    }
    marts = (
        "+rpt_failure_verdict",
        "+rpt_action_effect",
        "+rpt_failure_frequency_month",
        "+rpt_failure_defection_effect",
        "+dim_failure_types",
    )
    share_parse(home / "target", environment)
    done = subprocess.run(
        [
            sys.executable, "-m", "orchestration.dbt.process", "--quiet", "build",
            "--indirect-selection", "empty", "--select", "resource_type:seed", *marts,
            "--target-path", str(home / "target"), "--log-path", str(home / "logs"),
        ],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    with (home / "truth" / "failure_waves.csv").open(encoding="utf-8", newline="") as file:
        waves = {row["outcome"]: row for row in csv.DictReader(file)}
    with duckdb.connect(str(path), read_only=True) as connection:
        yield waves, connection


def _verdicts(connection, code: str) -> dict[date, str]:
    return dict(
        connection.execute(
            "select reporting_month, verdict from marts.rpt_failure_verdict"
            " where failure_type_key = ? and verdict is not null order by reporting_month",
            [code],
        ).fetchall()
    )


def test_working_fix_is_found_to_have_solved_its_problem(planted):
    waves, connection = planted
    verdicts = _verdicts(connection, waves["solved"]["failure_code"])
    done = date.fromisoformat(waves["solved"]["action_done_on"])
    assert min(verdicts) == done
    after = [verdict for month, verdict in verdicts.items() if month > done]
    # One month of few failures is too little to be certain of half; a year of them is not.
    assert set(after) <= {"improved", "solved"}
    assert after[-12:] == ["solved"] * 12


def test_fix_without_effect_is_never_called_solved(planted):
    waves, connection = planted
    verdicts = _verdicts(connection, waves["not_solved"]["failure_code"])
    # An exact test at 5 % errs now and then by calling it improved.
    assert "solved" not in verdicts.values()
    assert list(verdicts.values()).count("unchanged") > len(verdicts) / 2


def test_new_type_is_new_in_the_month_it_appears(planted):
    waves, connection = planted
    found = connection.execute(
        "select reporting_month from marts.rpt_failure_verdict"
        " where failure_type_key = ? and new_rule = 'unseen_type'",
        [waves["new_type"]["failure_code"]],
    ).fetchall()
    assert found == [(date.fromisoformat(waves["new_type"]["wave_from"]),)]


def test_waves_break_their_limits_at_once_or_soon(planted):
    waves, connection = planted
    for outcome in ("solved", "not_solved"):
        first = connection.execute(
            "select min(reporting_month) from marts.rpt_failure_verdict"
            " where failure_type_key = ? and is_new",
            [waves[outcome]["failure_code"]],
        ).fetchone()
        began = date.fromisoformat(waves[outcome]["wave_from"])
        assert 0 <= (first[0].year - began.year) * 12 + first[0].month - began.month <= LATEST_ALARM


def test_types_without_a_wave_rarely_alarm(planted):
    waves, connection = planted
    codes = [row["failure_code"] for row in waves.values()]
    alarms = connection.execute(
        """
        select count(*) from marts.rpt_failure_verdict
        inner join marts.dim_failure_types using (failure_type_key)
        where is_new and failure_level = 2 and not list_contains(?, failure_type_key)
        """,
        [codes],
    ).fetchone()
    assert alarms[0] <= MOST_FALSE_ALARMS


def test_failures_left_unsolved_before_customers_left_are_found(planted):
    # Each customer of unresolved_complaints.csv left after a complaint of one of these.
    _waves, connection = planted
    found = connection.execute(
        "select failure_type_key from marts.rpt_failure_defection_effect"
        " where is_significant and rate_ratio > 1 order by 1"
    ).fetchall()
    assert ("service_no_response",) in found
    assert {code for (code,) in found} <= {
        "billing_error", "product_defect", "service_no_response",
    }  # fmt: skip


def test_p_and_q_values_agree_with_scipy_and_statsmodels(planted):
    _waves, connection = planted
    rows = connection.execute(
        "select lost_count, exposed_count, matched_lost_rate, p_value, q_value"
        " from marts.rpt_failure_defection_effect"
    ).fetchall()
    expected = [
        min(1, 2 * min(binom.cdf(lost, n, share), binom.sf(lost - 1, n, share)))
        for lost, n, share, _p, _q in rows
    ]
    assert [row[3] for row in rows] == pytest.approx(expected, rel=1e-6)
    adjusted = multipletests(expected, method="fdr_bh")[1]
    assert [row[4] for row in rows] == pytest.approx(list(adjusted), rel=1e-6)


def test_effects_of_actions_agree_with_pandas_and_scipy(planted):
    """Counts from the failures told by the effect's month; interval and test from scipy."""
    _, connection = planted
    failures = connection.execute(
        "select failure_type_key, reporting_month, date_trunc('month', reported_at) as told"
        " from marts.fct_failures"
    ).df()
    exposures = connection.execute(
        "select failure_code, reporting_month, exposure_count"
        " from intermediate.int_failure_counts where cut = 'total'"
    ).df()
    effects = connection.execute(
        "select * from marts.rpt_action_effect where target_kind = 'failure' and is_done"
    ).df()
    assert len(effects) == 2
    for effect in effects.to_dict("records"):
        counted = {}
        for window in ("baseline", "after"):
            first, last = effect[f"{window}_from_month"], effect[f"{window}_to_month"]
            of_type = failures[
                (failures.failure_type_key == effect["failure_type_key"])
                & failures.reporting_month.between(first, last)
                & (failures.told <= effect["effect_month"])
            ]
            shown = exposures[
                (exposures.failure_code == effect["failure_type_key"])
                & exposures.reporting_month.between(first, last)
            ]
            assert len(of_type) == effect[f"{window}_event_count"]
            assert shown.exposure_count.sum() == effect[f"{window}_exposure_count"]
            assert len(shown) == 6
            counted[window] = len(of_type), int(shown.exposure_count.sum())
        (before, shown_before), (after, shown_after) = counted["baseline"], counted["after"]
        times = shown_before / shown_after
        low = beta.ppf(0.025, after, before + 1)
        high = beta.ppf(0.975, after + 1, before)
        assert effect["rate_ratio"] == pytest.approx(after / before * times)
        assert effect["rate_ratio_low"] == pytest.approx(low / (1 - low) * times, rel=1e-8)
        assert effect["rate_ratio_high"] == pytest.approx(high / (1 - high) * times, rel=1e-8)
        share = shown_after / (shown_before + shown_after)
        fewer = binomtest(after, before + after, share, alternative="less").pvalue
        assert effect["lower_p_value"] == pytest.approx(fewer, abs=1e-9)
