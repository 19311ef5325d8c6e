import json

import duckdb
import pytest

from orchestration.dbt.rules import forget_rules, known_rules
from orchestration.home import Home
from orchestration.spark import build as spark_build
from orchestration.spark.build import build_on_spark
from orchestration.spark.errors import SparkError

STAGE, LINES, DAYS = "model.ours.stage", "model.ours.lines", "model.ours.days"


def node(name, code, *upstream, materialized="incremental"):
    return {
        "name": name,
        "resource_type": "model",
        "package_name": "ours",
        "raw_code": code,
        "config": {"materialized": materialized},
        "depends_on": {"nodes": list(upstream), "macros": []},
    }


class Dbt:
    """Stands in for dbt on Spark: writes what it would write, and remembers what it was told."""

    def __init__(self, target):
        self.target = target
        self.nodes = {
            STAGE: node("stage", "select 1", materialized="view"),
            LINES: node("lines", "select 2", STAGE),
            DAYS: node("days", "select 3", LINES),
        }
        self.built = set(self.nodes)
        self.fails = False
        self.from_nothing = []

    def __call__(self, arguments):
        self.target.mkdir(parents=True, exist_ok=True)
        manifest = {"nodes": self.nodes, "macros": {}}
        (self.target / "manifest.json").write_text(json.dumps(manifest))
        if arguments[0] != "build":
            return
        self.from_nothing.append("--full-refresh" in arguments)
        if self.fails:
            raise SparkError("dbt build failed on Spark")
        results = [{"unique_id": key, "status": "success"} for key in self.built]
        (self.target / "run_results.json").write_text(json.dumps({"results": results}))


@pytest.fixture
def home(tmp_path):
    home = Home.at(tmp_path / "home").prepare()
    duckdb.connect(str(home.warehouse)).close()
    return home


@pytest.fixture
def dbt(home, monkeypatch):
    dbt = Dbt(home.spark.dbt_target)
    monkeypatch.setattr(spark_build, "run_dbt", dbt)
    monkeypatch.setattr(spark_build, "missing_parts", list)
    monkeypatch.setattr(spark_build.os, "environ", {})
    return dbt


def build(home, dbt, *builds):
    """Build, each time of other nodes; return whether the last began from nothing."""
    for built in builds or [dbt.nodes]:
        dbt.built = set(built)
        build_on_spark(home)
    return dbt.from_nothing[-1]


def test_only_changed_code_is_built_from_nothing(home, dbt, capsys):
    assert build(home, dbt)
    assert "From nothing" not in capsys.readouterr().out
    assert not build(home, dbt)
    dbt.nodes[STAGE]["raw_code"] = "select 10"
    assert build(home, dbt)
    assert "unknown ones: days, lines. From nothing." in capsys.readouterr().out
    assert not build(home, dbt)


def test_a_build_that_failed_is_not_remembered(home, dbt):
    build(home, dbt)
    dbt.nodes[DAYS]["raw_code"] = "select 30"
    dbt.fails = True
    with pytest.raises(SparkError):
        build(home, dbt)
    dbt.fails = False
    assert build(home, dbt)


def test_what_a_first_build_left_that_failed_is_not_gone_on_with(home, dbt):
    dbt.fails = True
    with pytest.raises(SparkError):
        build(home, dbt)
    dbt.fails = False
    assert build(home, dbt)


def test_a_part_with_all_it_stands_on_is_gone_on_with(home, dbt):
    assert not build(home, dbt, {STAGE, LINES}, dbt.nodes)
    assert known_rules(home.spark).keys() == {"lines", "days"}


def test_a_part_without_what_it_stands_on_follows_no_rules_yet(home, dbt):
    assert build(home, dbt, {LINES, DAYS}, dbt.nodes)


def test_code_changed_in_what_a_part_leaves_out_is_built_later(home, dbt):
    build(home, dbt)
    dbt.nodes[DAYS]["raw_code"] = "select 30"
    build(home, dbt, {STAGE, LINES})
    assert build(home, dbt)


@pytest.mark.parametrize("forget", [True, False], ids=["forgotten", "failed"])
def test_a_part_over_unknown_tables_is_not_taken_for_the_whole(home, dbt, forget):
    dbt.fails = not forget
    if forget:
        build(home, dbt)
        forget_rules(home.spark)
    else:
        with pytest.raises(SparkError):
            build(home, dbt)
    dbt.fails = False
    assert build(home, dbt, {STAGE, LINES})
    assert build(home, dbt)
    assert not build(home, dbt)


def test_both_engines_have_books_of_their_own(home, dbt):
    build(home, dbt)
    assert known_rules(home) is None
