"""A publish rewrites what changed, links the rest, and the result is the same either way."""

import hashlib

import duckdb
import pytest

from orchestration.publishing import PublishError, writer


def _parquet_hashes(release):
    return {
        path.relative_to(release.path).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in release.path.rglob("*.parquet")
    }


def _rows(release):
    with duckdb.connect(str(release.duckdb_path), read_only=True) as connection:
        return {
            name: sorted(connection.execute(f"select * from {name}").fetchall(), key=repr)
            for name in release.row_counts
        }


def _linked(release, mart):
    return {file["part"] for file in release.manifest["marts"][mart]["files"] if file["linked"]}


def test_same_content_in_another_order_gives_the_same_bytes(shop, other_shop):
    one = shop.publish(order="n", run_id="one")
    other = other_shop.publish(order="hash(n)", run_id="other")
    assert _parquet_hashes(one) == _parquet_hashes(other)
    assert len(_parquet_hashes(one)) == 3 + 3


@pytest.mark.parametrize("threads", [1, 4])
def test_number_of_threads_does_not_change_the_bytes(shop, other_shop, threads):
    lines = """
        insert into marts.fct_invoice_lines
        select 'X' || n, 1, date '2024-02-01', 'C' || n % 999, n / 8.0, n / 3.0, null
        from range(300000) as numbers(n) order by hash(n)
    """
    one = shop.publish(change=lines)
    other = other_shop.publish()
    with duckdb.connect(str(other_shop.warehouse)) as connection:
        connection.execute(lines.replace("hash(n)", "n"))
    other = other_shop.publish_again(threads=threads)
    assert _parquet_hashes(one) == _parquet_hashes(other)


def test_unchanged_months_are_the_same_files(shop):
    first = shop.publish(months=3)
    second = shop.publish(months=4, order="hash(n)")
    assert _linked(second, "fct_invoice_lines") == {"2024-01", "2024-02", "2024-03"}
    assert _linked(second, "rpt_stamp") == {"all"}
    assert _linked(second, "dim_months") == set()
    name = "parquet/fct_invoice_lines/fct_invoice_lines.2024-01.parquet"
    assert (first.path / name).stat().st_ino == (second.path / name).stat().st_ino


def test_linked_files_outlive_the_release_they_came_from(shop):
    shop.publish(months=3, retain=1)
    for stamp in range(2, 5):
        last = shop.publish(months=3, stamp=stamp, retain=1)
    assert _linked(last, "fct_invoice_lines") == {"2024-01", "2024-02", "2024-03"}
    assert len(_rows(last)["fct_invoice_lines"]) == 120


CHANGES = {
    "added month": ({"months": 4}, {"2024-01", "2024-02", "2024-03"}),
    "removed month": ({"months": 2}, {"2024-01", "2024-02"}),
    "corrected month": (
        {
            "change": "update marts.fct_invoice_lines set net_amount = 0"
            " where document_no = 'INV000012'"
        },
        {"2024-01", "2024-03"},
    ),
    "doubled line": (
        {"change": "insert into marts.fct_invoice_lines from marts.fct_invoice_lines limit 1"},
        {"2024-02", "2024-03"},
    ),
    "line without month": (
        {
            "change": "update marts.fct_invoice_lines set reporting_month = null"
            " where line_no = 1 and document_no = 'INV000000'"
        },
        {"2024-02", "2024-03"},
    ),
    "no lines at all": ({"change": "delete from marts.fct_invoice_lines"}, set()),
    "new column": ({"change": "alter table marts.fct_invoice_lines add column x bigint"}, set()),
    "nothing": ({"order": "hash(n)"}, {"2024-01", "2024-02", "2024-03"}),
}


@pytest.mark.parametrize("case", CHANGES)
def test_file_built_upon_the_last_release_equals_a_fresh_one(
    shop, other_shop, keep_everything, case
):
    options, kept = CHANGES[case]
    shop.publish(stamp=1)
    built_upon = shop.publish(stamp=2, **options)
    fresh = other_shop.publish(stamp=2, **options)
    assert _rows(built_upon) == _rows(fresh)
    assert _parquet_hashes(built_upon) == _parquet_hashes(fresh)
    assert _linked(built_upon, "fct_invoice_lines") == kept
    assert not fresh.manifest["duckdb_file"]["is_copied_forward"]


def test_last_release_is_copied_only_where_most_of_it_is_kept(shop, keep_everything):
    shop.publish(months=30)
    assert shop.publish(months=31).manifest["duckdb_file"]["is_copied_forward"]
    again = shop.publish(months=90)
    assert not again.manifest["duckdb_file"]["is_copied_forward"]


def test_file_grown_by_many_replacements_is_written_whole(shop, keep_everything, monkeypatch):
    shop.publish(months=30)
    monkeypatch.setattr("orchestration.publishing.writer.MAX_GROWTH", 0.5)
    assert not shop.publish(months=31).manifest["duckdb_file"]["is_copied_forward"]


def test_files_of_another_duckdb_version_are_not_built_upon(shop, keep_everything, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("duckdb.__version__", "1.5.0")
        shop.publish(months=30)
    second = shop.publish(months=31)
    assert not second.manifest["duckdb_file"]["is_copied_forward"]
    assert _linked(second, "fct_invoice_lines") == set()


def test_lost_month_in_a_copied_file_is_found(shop, keep_everything, monkeypatch):
    """The copied part of a table is only counted; a lost row must still stop the publish."""
    shop.publish(months=30)
    original = writer.write_tables

    def lose_a_row(connection, *arguments):
        untouched = original(connection, *arguments)
        connection.execute(
            "delete from kaw_release.main.fct_invoice_lines"
            " where document_no = 'INV000001' and line_no = 2"
        )
        return untouched

    monkeypatch.setattr(writer, "write_tables", lose_a_row)
    with pytest.raises(PublishError, match="part 2024-01: expected 40 rows, found 39 rows"):
        shop.publish(months=31)
