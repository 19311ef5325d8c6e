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

pytestmark = [
    pytest.mark.skipif(not LEDGER.is_dir(), reason=f"the real ledger is not at {LEDGER}"),
    pytest.mark.slow,
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


def _publish_in_steps(home, deliveries, steps):
    """Deliver the files step by step, one run after each; return the last release."""
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
        assert finished.returncode == 0, finished.stderr[-3000:]
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


def test_three_shuffled_deliveries_end_as_one(deliveries, at_once, tmp_path):
    names = [name for name in deliveries if name.count(".") == 2]
    random.Random(20111209).shuffle(names)
    later = [f"{DELIVERED_TWICE}.r2.csv.gz", f"{CORRECTED}.corrected.csv.gz"]
    # The wrong delivery is published, with months before and after it still missing.
    first = sorted({*names[:6], f"{CORRECTED}.csv.gz", f"{DELIVERED_TWICE}.csv.gz"})
    second = [name for name in names if name not in first]
    release = _publish_in_steps(tmp_path, deliveries, [first, second, later])
    assert release.sequence == 3
    _assert_same(release, at_once)
    assert release.row_counts["fct_invoice_lines"] == 541_909


def test_month_by_month_in_shuffled_order_ends_as_one(deliveries, at_once, tmp_path):
    names = list(deliveries)
    random.Random(4338).shuffle(names)
    release = _publish_in_steps(tmp_path, deliveries, [[name] for name in names])
    _assert_same(release, at_once)
