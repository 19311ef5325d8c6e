"""dbt's command line, environment and groups."""

import itertools
from datetime import date

import pytest

from orchestration.dbt.arguments import (
    build_arguments,
    build_environment,
    build_variables,
    folder_group,
)
from orchestration.home import Home
from orchestration.settings import Settings


def test_no_vars_unless_asked_for():
    assert build_variables(None, None) == {}
    assert "--vars" not in build_arguments("build", variables={})


def test_vars_hold_only_what_was_asked_for():
    assert build_variables("2024-03", None) == {"as_of_date": "2024-03-01"}
    assert build_variables(None, "EUR") == {"reporting_currency": "EUR"}
    known = build_variables("2024-03", None, date(2024, 4, 9))
    assert known == {"as_of_date": "2024-03-01", "known_on": "2024-04-09"}


def test_vars_are_sorted_so_that_equal_ones_are_equal_text():
    first = build_arguments("build", variables={"a": "1", "b": "2"})
    second = build_arguments("build", variables={"b": "2", "a": "1"})
    assert first == second
    assert first[first.index("--vars") + 1] == '{"a": "1", "b": "2"}'


def test_build_leaves_unit_tests_to_the_test_suite_and_saved_queries_to_readers():
    arguments = build_arguments("build", variables={}, full_refresh=True)
    assert arguments[0] == "build"
    excluded = [
        kind for flag, kind in itertools.pairwise(arguments) if flag == "--exclude-resource-type"
    ]
    assert excluded == ["unit_test", "saved_query"]
    assert "--full-refresh" in arguments


def test_parse_takes_no_build_flags():
    assert build_arguments("parse", variables={}) == ["parse"]


def test_environment_keeps_dbt_inside_the_home_and_quiet(tmp_path):
    home = Home.at(tmp_path)
    values = build_environment(home, Settings(memory_limit="1GB", threads=3))
    assert values["KAW_MEMORY_LIMIT"] == "1GB"
    assert values["KAW_THREADS"] == "3"
    assert values["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"
    for name in ("KAW_WAREHOUSE", "KAW_TEMP_DIRECTORY", "DBT_TARGET_PATH", "DBT_LOG_PATH"):
        assert values[name].startswith(str(home.root)), name


@pytest.mark.parametrize(
    ("path", "kind", "group"),
    [
        ("models/marts/churn/rpt_churn_month.sql", "model", "marts_churn"),
        ("models/staging/crm/stg_crm__accounts.sql", "model", "staging_crm"),
        ("models/loose.sql", "model", "models"),
        ("seeds/policies/tolerances.csv", "seed", "seeds_policies"),
        ("seeds/loose.csv", "seed", "seeds"),
    ],
)
def test_groups_follow_the_folders(path, kind, group):
    assert folder_group({"original_file_path": path, "resource_type": kind}) == group


def test_sources_are_grouped_by_their_system():
    node = {
        "original_file_path": "models/staging/crm/_crm__sources.yml",
        "resource_type": "source",
        "source_name": "crm",
    }
    assert folder_group(node) == "raw_crm"
