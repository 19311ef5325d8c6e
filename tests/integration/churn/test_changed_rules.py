"""What a changed policy and the planted splits do to a finished company, and what they leave alone.

The models run again as dbt compiled them, on a copy of a warehouse, with other rows in two seeds.
"""

import shutil
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from orchestration.home import Home

# In the order of their references: everything between the two seeds and what is asked below.
MODELS = (
    "int_customers_corrected", "int_customer_identities", "int_customers_described",
    "dim_customers", "int_defection_policies", "int_threshold_policies",
    "int_customer_gap_quantiles", "int_peer_gap_quantiles", "int_seasonal_customers",
    "int_defection_thresholds", "int_silence_defections", "int_defection_episodes",
    "int_customer_rhythms", "int_customer_states", "fct_customer_months", "int_provisional_months",
    "rpt_customer_bridge_month", "rpt_churn_month", "int_superseded_churn_counts",
    "rpt_churn_policy_change", "rpt_cohort_retention", "int_customer_stages",
)  # fmt: skip
CHURN = "select reporting_month, start_customer_count, lost_customer_count, churn_rate"
NEW = "select reporting_month, new_customer_count from marts.rpt_customer_bridge_month"
SIZES = "select cohort_month, max(cohort_size) from marts.rpt_cohort_retention group by 1"


class Company:
    """A warehouse before and after its rules changed."""

    def __init__(self, connection, files, truth):
        self.connection = connection
        ((self.year_start,),) = connection.execute(
            "select max(fiscal_year_start_date) from marts.dim_months"
        ).fetchall()
        self.splits = connection.execute(
            "select part_code, split_from_code, date_trunc('month', first_order_date)::date"
            " from read_csv($truth) order by 1",
            {"truth": str(truth / "splits.csv")},
        ).fetchall()
        self.churn = dict_of(connection, f"{CHURN} from marts.rpt_churn_month")
        self.new = dict_of(connection, NEW)
        self.sizes = dict_of(connection, SIZES)
        connection.execute(
            "insert into seeds.defection_policies by name select * replace ("
            "'new' as policy_version, $start::date as valid_from,"
            " case when parameter in ('floor_days', 'cap_days', 'default_threshold_days')"
            " then value / 3 else value end as value)"
            " from seeds.defection_policies"
            " where valid_from = (select max(valid_from) from seeds.defection_policies)",
            {"start": self.year_start},
        )
        connection.execute(
            "insert into seeds.customer_overrides by name select part_code as customer_code,"
            " 'split_from_code' as attribute, split_from_code as override_value, 'A' as author,"
            " 'Its own company now.' as reason, split_on as valid_from from read_csv($truth)",
            {"truth": str(truth / "splits.csv")},
        )
        for name in MODELS:
            schema = "marts" if "/marts/" in files[name].as_posix() else "intermediate"
            query = files[name].read_text("utf-8")
            connection.execute(f"create or replace table {schema}.{name} as {query}")


def dict_of(connection, query):
    return {key: tuple(values) for key, *values in connection.execute(query).fetchall()}


@pytest.fixture(scope="module")
def changed(complete_home, tmp_path_factory):
    home = Home.at(complete_home)
    copied = tmp_path_factory.mktemp("changed") / home.warehouse.name
    shutil.copy2(home.warehouse, copied)
    compiled = Path(home.dbt_target, "compiled").rglob("models/**/*.sql")
    files = {path.stem: path for path in compiled if path.parent.suffix != ".yml"}
    with duckdb.connect(str(copied)) as connection:
        yield Company(connection, files, complete_home / "truth")


def test_year_of_change_is_told_by_both_versions(changed):
    found = dict_of(
        changed.connection,
        "select reporting_month, superseded_start_customer_count, superseded_lost_customer_count,"
        " superseded_churn_rate from marts.rpt_churn_policy_change",
    )
    expected = {month: row for month, row in changed.churn.items() if month >= changed.year_start}
    assert found == expected
    now = dict_of(changed.connection, f"{CHURN} from marts.rpt_churn_month")
    before = {month: row for month, row in changed.churn.items() if month < changed.year_start}
    assert before == {month: now[month] for month in before}
    assert sum(row[1] for row in now.values()) > sum(row[1] for row in changed.churn.values())


def test_a_part_of_another_customer_is_nobody_new(changed):
    came = Counter(month for *_, month in changed.splits)
    assert came
    new = dict_of(changed.connection, NEW)
    assert {month: changed.new[month][0] - new[month][0] for month in new} == {
        month: came[month] for month in changed.new
    }
    bridge = dict_of(
        changed.connection,
        "select reporting_month, split_customer_count, start_customer_count + new_customer_count"
        " + split_customer_count + returned_customer_count - lost_customer_count"
        " - closed_customer_count - end_customer_count from marts.rpt_customer_bridge_month",
    )
    assert bridge == {month: (came[month], 0) for month in changed.new}
    sizes = dict_of(changed.connection, SIZES)
    left = {month: size - came[month] for month, (size,) in changed.sizes.items()}
    assert {month: size for month, (size,) in sizes.items()} == {k: v for k, v in left.items() if v}


def test_exactly_the_planted_parts_are_split_off_from_whom_they_left(changed):
    assert changed.connection.execute(
        "select customer_key, split_from_customer_key from marts.dim_customers"
        " where origin = 'split' order by 1"
    ).fetchall() == [(part, origin) for part, origin, _ in changed.splits]
    parts = [part for part, *_ in changed.splits]
    states = changed.connection.execute(
        "select distinct customer_state from marts.fct_customer_months where customer_key in $parts"
        " and first_purchase_month <= reporting_month",
        {"parts": parts},
    ).fetchall()
    assert states
    assert not {state for (state,) in states} & {"new", "reactivated"}
    # Their origins are customers since the first month of fourteen, and growth lasts for twelve.
    stages = changed.connection.execute(
        "select distinct lifecycle_stage from intermediate.int_customer_stages where"
        " customer_key in $parts and reporting_month = (select max(reporting_month)"
        "  from intermediate.int_customer_stages) and lifecycle_stage <> 'decline'",
        {"parts": parts},
    ).fetchall()
    assert stages == [("maturity",)]
