"""What a release holds, and that nothing but a verified one is ever current."""

import json

import duckdb
import pyarrow.dataset
import pytest
from synthetic_warehouse import LINES_A_MONTH, write_dbt_manifest

from orchestration.publishing import PublishError, status
from orchestration.publishing import publish as publish_module


def _read(shop, sql):
    path = shop.published / "current" / "key_accounts.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_readers_find_every_mart_but_those_kept_back(shop):
    release = shop.publish()
    tables = _read(shop, "select table_name from duckdb_tables() where schema_name = 'main'")
    assert {name for (name,) in tables} == {
        "fct_invoice_lines",
        "dim_months",
        "rpt_stamp",
        "rpt_empty",
    }
    assert release.manifest["unpublished"] == {"dim_contacts": "the model says published: false"}
    assert release.row_counts["fct_invoice_lines"] == 3 * LINES_A_MONTH
    assert not (release.path / "parquet" / "dim_contacts").exists()


def test_table_of_a_model_that_is_gone_is_not_published(shop):
    release = shop.publish(change="create table marts.rpt_old as select 1 as x")
    assert release.manifest["unpublished"]["rpt_old"] == "the project has no such model"


def test_descriptions_stand_beside_the_columns(shop):
    shop.publish()
    comments = dict(
        _read(
            shop, "select column_name, comment from duckdb_columns() where table_name = 'rpt_stamp'"
        )
    )
    assert comments == {"line_no": "Key of rpt_stamp.", "stamp": None}


def test_file_has_the_oldest_storage_version(shop):
    release = shop.publish()
    with duckdb.connect(str(release.duckdb_path), read_only=True) as connection:
        tags = connection.execute(
            "select tags from duckdb_databases() where not internal"
        ).fetchone()[0]
    assert tags["storage_version"].startswith("v1.0.0")


def test_parquet_needs_no_setting_to_be_read(shop):
    release = shop.publish()
    folder = shop.published / "current" / "parquet"
    lines = pyarrow.dataset.dataset(folder / "fct_invoice_lines").to_table()
    assert lines.num_rows == 3 * LINES_A_MONTH
    assert str(lines.schema.field("reporting_month").type) == "date32[day]"
    assert str(lines.schema.field("net_amount").type) == "decimal128(18, 4)"
    assert pyarrow.dataset.dataset(folder / "rpt_empty").to_table().num_rows == 0
    assert sorted(path.name for path in (folder / "fct_invoice_lines").iterdir()) == [
        f"fct_invoice_lines.2024-0{month}.parquet" for month in (1, 2, 3)
    ]
    for file in release.manifest["marts"]["fct_invoice_lines"]["files"]:
        assert (release.path / file["path"]).stat().st_size == file["bytes"]


def test_manifest_says_what_the_release_was_made_from(shop):
    release = shop.publish(run_id="4711", extra={"checks": {"passed": 12}, "mapping": "contract"})
    manifest = json.loads((release.path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest == release.manifest
    assert manifest["as_of_month"] == "2024-03"
    assert manifest["run_id"] == "4711"
    assert manifest["checks"] == {"passed": 12}
    assert manifest["run"] == {"mapping": "contract"}
    assert manifest["extracts"] == [
        {
            "source": "ledger",
            "file": "ledger/invoices/2024-01.csv",
            "sha256": "abc",
            "mapping_sha256": "def",
        }
    ]
    assert manifest["code_version"]
    assert manifest["previous_release"] is None


def test_what_the_caller_says_of_the_run_comes_first(shop):
    release = shop.publish(extra={"as_of_month": "2024-02", "code_version": "v9", "extracts": []})
    manifest = release.manifest
    assert (manifest["as_of_month"], manifest["code_version"], manifest["extracts"]) == (
        "2024-02",
        "v9",
        [],
    )


def test_files_of_a_release_cannot_be_written(shop):
    release = shop.publish()
    files = [release.duckdb_path, *release.path.rglob("*.parquet")]
    assert {file.stat().st_mode & 0o222 for file in files} == {0}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("alter table marts.rpt_stamp drop column stamp", "rpt_stamp.stamp: removed"),
        ("alter table marts.rpt_stamp alter stamp type varchar", "BIGINT became VARCHAR"),
        ("alter table marts.rpt_stamp rename stamp to mark", "renamed to mark?"),
    ],
)
def test_breaking_change_is_stopped_until_the_version_is_raised(shop, change, said):
    first = shop.publish()
    with pytest.raises(PublishError, match=r"config\.meta\.version: 2") as stopped:
        shop.publish(change=change)
    assert said in str(stopped.value)
    assert [release.release_id for release in status(shop.published)] == [first.release_id]
    assert shop.builds == [first.release_id]
    write_dbt_manifest(shop.dbt_manifest, versions={"rpt_stamp": 2})
    second = shop.publish_again()
    assert all(change.startswith("rpt_stamp.") for change in second.manifest["schema_changes"])
    assert second.manifest["schema_changes"]
    assert second.is_current


def test_lossy_type_is_refused_by_name(shop):
    with pytest.raises(PublishError, match=r"rpt_stamp\.stamp has type HUGEINT.*bigint"):
        shop.publish(change="alter table marts.rpt_stamp alter stamp type hugeint")
    assert status(shop.published) == []


def test_personal_data_is_refused(shop):
    write_dbt_manifest(shop.dbt_manifest, pii="rpt_stamp.line_no")
    with pytest.raises(PublishError, match=r"rpt_stamp\.line_no is tagged pii"):
        shop.publish()
    assert status(shop.published) == []


def test_mart_that_was_not_built_stops_the_publish(shop):
    with pytest.raises(
        PublishError, match="rpt_empty is part of the project but not in the warehouse"
    ):
        shop.publish(change="drop table marts.rpt_empty")


def test_warehouse_without_marts_says_what_to_run(shop):
    drop = "drop schema marts cascade"
    with pytest.raises(PublishError, match="Run the dbt models first"):
        shop.publish(change=drop)


def test_missing_warehouse_says_what_to_run(shop):
    with pytest.raises(PublishError, match="Run the pipeline first"):
        shop.publish_again()


def test_warehouse_held_by_a_writer_is_named(shop):
    shop.publish()
    with (
        duckdb.connect(str(shop.warehouse)),
        pytest.raises(PublishError, match="open for writing and try again"),
    ):
        shop.publish_again()
    assert len(status(shop.published)) == 1


@pytest.mark.parametrize("where", ["table", "parquet"])
def test_build_that_differs_from_the_warehouse_never_becomes_current(shop, monkeypatch, where):
    first = shop.publish(stamp=1)
    module, name = {
        "table": ("writer", "write_tables"),
        "parquet": ("parquet", "write_parquet"),
    }[where]
    module = publish_module.__globals__[module]
    original = getattr(module, name)

    def damage(connection, *arguments):
        if where == "table":
            untouched = original(connection, *arguments)
            connection.execute("update kaw_release.main.rpt_stamp set stamp = 3 where line_no = 9")
            return untouched
        connection.execute("update kaw_release.main.rpt_stamp set stamp = 3 where line_no = 9")
        files = original(connection, *arguments)
        connection.execute("update kaw_release.main.rpt_stamp set stamp = 2 where line_no = 9")
        return files

    monkeypatch.setattr(module, name, damage)
    said = "table rpt_stamp of the DuckDB file" if where == "table" else "Parquet of rpt_stamp"
    with pytest.raises(PublishError, match=f"{said} is not what the warehouse holds"):
        shop.publish(stamp=2)
    assert [release.release_id for release in status(shop.published)] == [first.release_id]
    assert shop.builds == [first.release_id]
    assert _read(shop, "select distinct stamp from rpt_stamp") == [(1,)]


def test_current_that_is_a_folder_is_refused(shop):
    (shop.published / "current").mkdir(parents=True)
    with pytest.raises(PublishError, match="is not a symbolic link"):
        shop.publish()
