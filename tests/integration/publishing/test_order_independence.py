"""The real ledger ends in the same marts, byte for byte, whatever order its months arrive in.

One month is delivered twice, one is corrected after its first delivery was published. The proof is
the SHA-256 of every Parquet file, and the content checksum of every table of the DuckDB file.
"""

import gzip
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.publishing import status

LEDGER = Path(__file__).resolve().parents[4] / "shared" / "data" / "online_retail"
DELIVERED_TWICE = "2011-03"
CORRECTED = "2011-05"
LINES = 541_909

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not LEDGER.is_dir(), reason=f"the real ledger is not at {LEDGER}"),
    pytest.mark.xdist_group("order_independence"),
]


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory):
    """Every file the company ever sends, by name; the corrected month's first delivery is wrong."""
    folder = tmp_path_factory.mktemp("deliveries")
    for path in LEDGER.glob("*.csv.gz"):
        shutil.copy(path, folder)
    shutil.copy(folder / f"{DELIVERED_TWICE}.csv.gz", folder / f"{DELIVERED_TWICE}.r2.csv.gz")
    right = folder / f"{CORRECTED}.csv.gz"
    shutil.copy(right, folder / f"{CORRECTED}.corrected.csv.gz")
    header, *lines = gzip.decompress(right.read_bytes()).splitlines(keepends=True)
    # First delivered with its first tenth missing and its last tenth twice.
    tenth = len(lines) // 10
    right.write_bytes(gzip.compress(b"".join([header, *lines[tenth:], *lines[-tenth:]]), mtime=0))
    return {path.name: path for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def at_once(deliveries, tmp_path_factory):
    """The release made of all files in one run."""
    return _publish_in_steps(tmp_path_factory.mktemp("at_once"), deliveries, [list(deliveries)])


def _publish_in_steps(home, deliveries, steps, *, may_wait=False):
    """Deliver the files step by step, one run after each; return the last release.

    With `may_wait`, a run before the last may be stopped because a month in between is still
    missing. What it loaded stays.
    """
    extracts = home / "extracts"
    extracts.mkdir(parents=True)
    for names in steps:
        for name in names:
            shutil.copy(deliveries[name], extracts)
        command = ["run", "--home", home, "--extracts", extracts, "--mapping", "online_retail"]
        finished = subprocess.run(
            [Path(sys.executable).with_name("kaw"), *command],
            capture_output=True,
            text=True,
            check=False,
        )
        waits = may_wait and names != steps[-1] and "no_month_missing" in finished.stderr
        assert finished.returncode == (1 if waits else 0), finished.stderr[-3000:]
    return status(home / "published")[0]


def _hashes(release):
    return {
        file["path"]: file["sha256"]
        for mart in release.manifest["marts"].values()
        for file in mart["files"]
    }


def _assert_same(release, at_once):
    assert release.row_counts == at_once.row_counts
    found, expected = _hashes(release), _hashes(at_once)
    differing = [path for path in {**found, **expected} if found.get(path) != expected.get(path)]
    assert differing == []


def test_history_delivered_inside_out_ends_as_one(deliveries, at_once, tmp_path):
    """The middle months are published first; then come the months before and after, and repairs."""
    middle = [name for name in deliveries if "2011-03" <= name[:7] <= "2011-09"]
    first = [name for name in middle if name.count(".") == 2]
    release = _publish_in_steps(
        tmp_path, deliveries, [first, [name for name in deliveries if name not in first]]
    )
    assert release.sequence == 2
    _assert_same(release, at_once)
    assert release.row_counts["fct_invoice_lines"] == LINES


@pytest.mark.slow
def test_month_by_month_in_shuffled_order_ends_as_one(deliveries, at_once, tmp_path):
    names = list(deliveries)
    random.Random(4338).shuffle(names)
    release = _publish_in_steps(tmp_path, deliveries, [[name] for name in names], may_wait=True)
    _assert_same(release, at_once)
