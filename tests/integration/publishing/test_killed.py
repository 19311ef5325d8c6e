"""A publish killed at any moment leaves a whole release current, and the next one tidies up."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from orchestration.publishing import status
from orchestration.publishing.releases import check_intact

BEFORE_THE_LINK_MOVED = [
    "before.write_tables",
    "after.write_tables",
    "after.write_parquet",
    "before.verify",
    "before.write_durably",
    "after.write_durably",
    "before.flip",
    "before.replace",
]
AFTER_THE_LINK_MOVED = ["after.replace", "before.prune", "before.rmtree"]


def _start(shop, moment):
    script = Path(__file__).with_name("dying_process.py")
    arguments = [shop.published, shop.warehouse, shop.dbt_manifest, moment]
    return subprocess.Popen(
        [sys.executable, str(script), *map(str, arguments)], stderr=subprocess.PIPE, text=True
    )


def _stamp_warehouse(shop, stamp):
    with duckdb.connect(str(shop.warehouse)) as connection:
        connection.execute(f"update marts.rpt_stamp set stamp = {stamp}")


def _assert_whole(shop, stamps):
    """The current release is intact, all of one kind, and one of those expected."""
    current = next(release for release in status(shop.published) if release.is_current)
    check_intact(current)
    path = shop.published / "current" / "key_accounts.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        seen = connection.execute("select distinct stamp from rpt_stamp").fetchall()
        lines = connection.execute("select count(*) from fct_invoice_lines").fetchone()[0]
    assert len(seen) == 1
    assert seen[0][0] in stamps
    assert lines == current.row_counts["fct_invoice_lines"]
    return seen[0][0]


def _assert_tidied_by_next_publish(shop):
    shop.publish_again(retain=1)
    releases = [release.release_id for release in status(shop.published)]
    assert shop.builds == sorted(releases)
    assert not list(shop.published.glob(".current-*"))
    assert len(releases) <= 2


@pytest.mark.parametrize("moment", [*BEFORE_THE_LINK_MOVED, *AFTER_THE_LINK_MOVED])
def test_killed_at_a_named_moment(shop, moment):
    shop.publish(stamp=0)
    shop.publish(stamp=1)
    _stamp_warehouse(shop, 2)
    process = _start(shop, moment)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL, errors
    expected = 1 if moment in BEFORE_THE_LINK_MOVED else 2
    assert _assert_whole(shop, {expected}) == expected
    _assert_tidied_by_next_publish(shop)


@pytest.mark.slow
def test_killed_at_any_time(shop):
    shop.publish(stamp=0)
    started = time.perf_counter()
    assert _start(shop, "never").wait(timeout=120) == 0
    duration = time.perf_counter() - started
    for step in range(1, 9):
        _stamp_warehouse(shop, step)
        process = _start(shop, "never")
        time.sleep(duration * (0.3 + step * 0.08))
        process.kill()
        process.communicate(timeout=120)
        _assert_whole(shop, range(step + 1))
    _assert_tidied_by_next_publish(shop)
