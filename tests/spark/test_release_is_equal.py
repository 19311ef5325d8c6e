import json

import pytest

from orchestration.cli.terminal import failure_text
from orchestration.publishing import status
from orchestration.publishing.releases import check_intact

pytestmark = pytest.mark.slow


def manifest(home):
    return json.loads((home.published / "current" / "manifest.json").read_text("utf-8"))


def parts(mart, *facts):
    return {file["part"]: [file[fact] for fact in facts] for file in mart["files"]}


def test_what_spark_built_passes_the_window_and_is_published(built_twice):
    record, spark = built_twice.record, built_twice.home.spark
    assert record.status == "published", failure_text(record, spark)
    assert record.facts["window"]["expectations"] > 900
    releases = status(spark.published)
    assert [release.release_id for release in releases if release.is_current] == [record.release]
    check_intact(releases[0])


def test_what_duckdb_published_stays_up(built_twice):
    # One run of DuckDB, one release; Spark's stands on a shelf of its own.
    assert [release.is_current for release in status(built_twice.home.published)] == [True]


def test_both_releases_say_the_same_of_every_mart(built_twice):
    of_duckdb, of_spark = manifest(built_twice.home), manifest(built_twice.home.spark)
    assert (of_spark["as_of_month"], of_spark["extracts"]) == (
        of_duckdb["as_of_month"],
        of_duckdb["extracts"],
    )
    assert of_spark["unpublished"] == of_duckdb["unpublished"]
    assert list(of_spark["marts"]) == list(of_duckdb["marts"])
    for name, expected in of_duckdb["marts"].items():
        found = of_spark["marts"][name]
        for fact in ("row_count", "columns", "key", "version", "is_monthly"):
            assert found[fact] == expected[fact], (name, fact)
        assert parts(found, "rows") == parts(expected, "rows"), name
        # The last digits of a double are not the same on both engines, and a checksum is of all.
        if "DOUBLE" not in {column["type"] for column in expected["columns"]}:
            assert parts(found, "rows", "checksum") == parts(expected, "rows", "checksum"), name
