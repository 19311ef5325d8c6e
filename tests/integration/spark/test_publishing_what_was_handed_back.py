"""Marts handed back are checked and published as DuckDB's own are.

DuckDB stands in for Spark here and writes what Spark would; tests/spark asks the same of Spark.
"""

import json
import shutil

import duckdb
import pytest
from pipeline_support import release_contents

from orchestration.cli.terminal import failure_text
from orchestration.home import Home
from orchestration.publishing.content import text
from orchestration.spark.hand_back import READ_BESIDE_MARTS, read_contracts, write_warehouse
from orchestration.spark.hand_over import write_raw_tables
from orchestration.spark.release import check_and_publish


@pytest.fixture
def company(home):
    """A home whose marts were handed back; `home` is a copy."""
    company = Home.at(home)
    company.spark.dbt_target.mkdir(parents=True)
    shutil.copy2(company.dbt_target / "manifest.json", company.spark.dbt_target)
    write_raw_tables(company.warehouse, company.spark.raw)
    contracts = read_contracts(company.spark.dbt_target / "manifest.json")
    with duckdb.connect(str(company.warehouse), read_only=True) as connection:
        for relation in {*contracts, *READ_BESIDE_MARTS}:
            schema, name = relation.split(".")
            if schema.startswith("raw_"):
                continue
            file = company.spark.handed_back / schema / f"{name}.parquet" / "part-0.parquet"
            file.parent.mkdir(parents=True)
            connection.execute(f"copy {relation} to {text(str(file))}")
    write_warehouse(company.spark, contracts)
    return company


def test_the_release_is_that_of_the_home_and_a_failing_check_leaves_it_up(company):
    shelf = sorted(path.name for path in company.published.joinpath("builds").iterdir())
    record = check_and_publish(company)
    assert record.status == "published", record.problems
    assert record.facts["window"]["expectations"] > 900
    assert release_contents(company.spark.root) == release_contents(company.root)
    ours, theirs = (
        json.loads((place.published / "current" / "manifest.json").read_text("utf-8"))
        for place in (company.spark, company)
    )
    for name in ("as_of_month", "extracts", "unpublished"):
        assert ours[name] == theirs[name]
    for name, mart in theirs["marts"].items():
        for entry in (mart, ours["marts"][name]):
            for file in entry["files"]:
                file.pop("linked")
        assert ours["marts"][name] == mart
    assert ours["run"]["engine"] == "spark"

    # A line that Spark would have counted twice.
    with duckdb.connect(str(company.spark.warehouse)) as connection:
        connection.execute(
            "insert into marts.fct_invoice_lines select * from marts.fct_invoice_lines limit 1"
        )
    failed = check_and_publish(company)
    assert failed.status == "failed"
    assert failed.release is None
    said = failure_text(failed, company.spark)
    assert "The run was stopped; nothing new was published." in said
    assert "marts.fct_invoice_lines" in said
    assert f"Readers still see the release before: {company.spark.current_release}" in said
    current = company.spark.published / "current"
    assert current.resolve().name == record.release
    assert (company.spark.runs / f"{failed.run_id}.json").is_file()

    # What DuckDB published was never touched.
    assert sorted(path.name for path in company.published.joinpath("builds").iterdir()) == shelf
