"""Retention, rollback, one publisher at a time."""

import fcntl

import pytest

from orchestration.publishing import PublishError, rollback, status


def _ids(shop):
    return [release.release_id for release in status(shop.published)]


def test_nothing_is_published_yet(shop):
    assert status(shop.published) == []
    with pytest.raises(PublishError, match="run kaw run first"):
        rollback(shop.published)


def test_newest_first_and_one_current(shop):
    releases = [shop.publish(stamp=stamp) for stamp in range(3)]
    assert _ids(shop) == [release.release_id for release in reversed(releases)]
    assert [release.is_current for release in status(shop.published)] == [True, False, False]
    assert [release.sequence for release in releases] == [1, 2, 3]


def test_oldest_releases_are_dropped(shop):
    releases = [shop.publish(stamp=stamp, retain=2) for stamp in range(4)]
    assert shop.builds == [release.release_id for release in releases[-2:]]


def test_retaining_one_keeps_the_way_back(shop):
    for stamp in range(3):
        last = shop.publish(stamp=stamp, retain=1)
    assert [release.sequence for release in status(shop.published)] == [3, 2]
    assert last.is_current


def test_releases_made_before_an_erasure_are_removed_and_not_built_upon(shop, keep_everything):
    for months in (29, 30):
        shop.publish(months=months)
    first = shop.publish(months=31, erasures="one")
    assert shop.builds == [first.release_id]
    assert not first.manifest["duckdb_file"]["is_copied_forward"]
    second = shop.publish(months=32, erasures="one")
    assert shop.builds == [first.release_id, second.release_id]
    assert second.manifest["duckdb_file"]["is_copied_forward"]


def test_retaining_none_is_refused(shop):
    with pytest.raises(PublishError, match="at least 1"):
        shop.publish(retain=0)


def test_rollback_goes_to_the_release_before_and_says_which(shop):
    first, second = shop.publish(stamp=1), shop.publish(stamp=2)
    back = rollback(shop.published)
    assert back.release_id == first.release_id
    assert back.is_current
    assert _ids(shop) == [second.release_id, first.release_id]
    with pytest.raises(PublishError, match="nothing to roll back"):
        rollback(shop.published)
    assert status(shop.published)[1].is_current


def test_publish_after_rollback_goes_forward_and_skips_the_withdrawn(shop):
    first, _withdrawn = shop.publish(stamp=1), shop.publish(stamp=2)
    rollback(shop.published)
    third = shop.publish(stamp=3)
    assert third.sequence == 3
    assert third.is_current
    assert rollback(shop.published).release_id == first.release_id


def test_rollback_refuses_a_damaged_release(shop):
    first, second = shop.publish(stamp=1), shop.publish(stamp=2)
    first.duckdb_path.unlink()
    with pytest.raises(PublishError, match=r"damaged: key_accounts\.duckdb is missing"):
        rollback(shop.published)
    assert status(shop.published)[0].release_id == second.release_id
    assert status(shop.published)[0].is_current


def test_second_publisher_is_turned_away(shop):
    shop.publish()
    with (shop.published / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(PublishError, match="Another process is publishing"):
            shop.publish_again()
        with pytest.raises(PublishError, match="Another process is publishing"):
            rollback(shop.published)
    assert shop.publish_again().sequence == 2


def test_lost_link_is_mended_by_the_next_publish(shop):
    first = shop.publish(stamp=1)
    (shop.published / "current").unlink()
    second = shop.publish(stamp=2)
    assert second.previous_release == first.release_id
    assert second.is_current
