"""One small company, built and published by DuckDB and by Spark.

It takes long, so everything here shares it.
"""

from types import SimpleNamespace

import duckdb
import pytest
from late_changes import plant_changes
from pipeline_support import kaw
from two_builds import build_twice

from orchestration.home import Home
from orchestration.publishing.marts import read_catalog
from orchestration.spark.build import missing_parts
from orchestration.spark.hand_back import hand_back
from orchestration.spark.release import check_and_publish

# Small, but with three years, so that no mart that needs two of them is empty.
COMPANY = ["--scale", "0.05", "--months", "36"]


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """A home with the company's extracts, and what was planted in them."""
    if missing := missing_parts():
        pytest.skip(
            f"Spark cannot run here: {', '.join(missing)} missing; make spark-env, make java"
        )
    home = Home.at(tmp_path_factory.mktemp("company") / "home")
    _kaw("sample", *COMPANY, "--home", home.root)
    return SimpleNamespace(home=home, planted=plant_changes(home.extracts))


@pytest.fixture(scope="session")
def company(sample):
    """The home of the company, which DuckDB has built. Leave it as it is, or work on a copy."""
    _kaw("run", "--home", sample.home.root)
    return sample.home


@pytest.fixture(scope="session")
def marts(company):
    """The marts of the company by name, with their keys."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{company.warehouse}' as warehouse (read_only)")
        manifest = company.dbt_target / "manifest.json"
        return read_catalog(connection, "warehouse", "marts", manifest).marts


@pytest.fixture(scope="session")
def built_twice(company, marts):
    """The marts of both engines as databases `warehouse` and `spark` of one connection.

    What Spark has after its second build is handed back, checked and published.
    """
    builds = build_twice(company, ["+config.materialized:incremental"], [])
    hand_back(company)
    record = check_and_publish(company)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{company.warehouse}' as warehouse (read_only)")
        connection.execute(f"attach '{company.spark.warehouse}' as spark (read_only)")
        yield SimpleNamespace(
            connection=connection, home=company, marts=marts, builds=builds, record=record
        )


def _kaw(*arguments):
    result = kaw(*arguments)
    assert result.exit_code == 0, result.output
