"""What a changed policy and a split do to a finished company, and what they leave alone.

The models run again as dbt compiled them, on a copy of a warehouse, with other rows in two seeds.
"""

import shutil
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
    "rpt_churn_policy_change", "rpt_cohort_retention",
)  # fmt: skip
CHURN = "select reporting_month, start_customer_count, lost_customer_count, churn_rate"
NEW = "select reporting_month, new_customer_count from marts.rpt_customer_bridge_month"
SIZES = "select cohort_month, max(cohort_size) from marts.rpt_cohort_retention group by 1"


class Company:
    """A warehouse before and after its rules changed."""

    def __init__(self, connection, files):
        self.connection = connection
        self.year_start, self.part, self.won = connection.execute(
            "select year_start, customer_key, first_purchase_month from marts.dim_customers,"
            " (select max(fiscal_year_start_date) as year_start from marts.dim_months)"
            " where first_purchase_month > (select min(reporting_month) from marts.dim_months)"
            " and not is_crm_only order by 2 limit 1"
        ).fetchone()
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
            "insert into seeds.customer_overrides by name select $part as customer_code,"
            " 'split_from_code' as attribute, min(customer_code) as override_value, 'A' as author,"
            " 'Its own company now.' as reason, date '1900-01-01' as valid_from"
            " from staging.stg_ledger__customers where customer_code <> $part",
            {"part": self.part},
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
        yield Company(connection, files)


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
    moved = dict.fromkeys(changed.new, 0) | {changed.won: 1}
    new = dict_of(changed.connection, NEW)
    assert {month: changed.new[month][0] - new[month][0] for month in new} == moved
    bridge = dict_of(
        changed.connection,
        "select reporting_month, split_customer_count, start_customer_count + new_customer_count"
        " + split_customer_count + returned_customer_count - lost_customer_count"
        " - closed_customer_count - end_customer_count from marts.rpt_customer_bridge_month",
    )
    assert bridge == {month: (count, 0) for month, count in moved.items()}
    sizes = dict_of(changed.connection, SIZES)
    assert sizes.get(changed.won, (0,))[0] == changed.sizes[changed.won][0] - 1
    assert sizes | {changed.won: None} == changed.sizes | {changed.won: None}
    assert changed.connection.execute(
        "select distinct origin from marts.dim_customers where customer_key = $part",
        {"part": changed.part},
    ).fetchall() == [("split",)]
