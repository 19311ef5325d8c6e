"""Readers in other processes never fail and never see an old or a mixed release."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb

PUBLISHES = 22
DRIVERS = ("duckdb", "sqlalchemy", "pyarrow")
START_SECONDS = 60


def test_reads_during_many_publishes_neither_fail_nor_lag(shop, tmp_path):
    shop.publish(stamp=0)
    state, stop = tmp_path / "state", tmp_path / "stop"
    state.write_text("0")
    reading = {driver: tmp_path / f"{driver}.reading" for driver in DRIVERS}
    readers = {
        driver: subprocess.Popen(
            [
                sys.executable,
                str(Path(__file__).with_name("reader_process.py")),
                driver,
                *map(str, (shop.published, state, stop, reading[driver])),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for driver in DRIVERS
    }
    try:
        # On a busy machine some readers would come when all is over.
        end = time.monotonic() + START_SECONDS
        while not all(file.exists() for file in reading.values()):
            assert time.monotonic() < end, "a reader never began"
            time.sleep(0.02)
        for number in range(1, PUBLISHES + 1):
            with duckdb.connect(str(shop.warehouse)) as connection:
                connection.execute(f"update marts.rpt_stamp set stamp = {number}")
            shop.publish_again(retain=6)
            temporary = state.with_suffix(".new")
            temporary.write_text(str(number))
            os.replace(temporary, state)
    finally:
        stop.touch()
        outputs = {driver: reader.communicate(timeout=60) for driver, reader in readers.items()}
    for driver, (output, errors) in outputs.items():
        assert readers[driver].returncode == 0, errors
        seen = json.loads(output)
        assert (seen["failed"], seen["torn"], seen["stale"]) == ([], [], []), driver
        assert seen["reads"] > PUBLISHES, driver
        assert seen["releases_seen"] > PUBLISHES // 3, driver
