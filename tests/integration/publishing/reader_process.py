"""A reader as a dashboard is one: opens, reads and closes published/current over and over.

usage: reader_process.py DRIVER PUBLISHED STATE_FILE STOP_FILE READING_FILE

STATE_FILE holds the number of the last release that was surely published. A read that finds an
older one is stale; a read that finds two releases at once is torn. READING_FILE is made with the
first read. Prints one line of JSON.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path

import duckdb
import pyarrow.compute
import pyarrow.dataset
import sqlalchemy

SQL = "select min(stamp), max(stamp), count(*) from rpt_stamp"


def read_by_duckdb(published):
    path = str(published / "current" / "key_accounts.duckdb")
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(SQL).fetchone()


def read_by_sqlalchemy(published):
    path = published / "current" / "key_accounts.duckdb"
    engine = sqlalchemy.create_engine(f"duckdb:///{path}", connect_args={"read_only": True})
    try:
        with engine.connect() as connection:
            return tuple(connection.execute(sqlalchemy.text(SQL)).one())
    finally:
        engine.dispose()


def read_by_pyarrow(published):
    folder = Path(os.path.realpath(published / "current")) / "parquet" / "rpt_stamp"
    stamps = pyarrow.dataset.dataset(folder).to_table(["stamp"])["stamp"]
    bounds = pyarrow.compute.min_max(stamps).as_py()
    return bounds["min"], bounds["max"], len(stamps)


DRIVERS = {"duckdb": read_by_duckdb, "sqlalchemy": read_by_sqlalchemy, "pyarrow": read_by_pyarrow}


def loop(read, result, published, state_file, stop_file, reading_file):  # noqa: PLR0917
    while not stop_file.exists():
        published_already = int(state_file.read_text())
        try:
            low, high, count = read(published)
        except Exception as error:
            result["failed"].append(repr(error))
            continue
        result["reads"] += 1
        if result["reads"] == 1:
            reading_file.touch()
        result["seen"].add(high)
        if low != high or count != 500:
            result["torn"].append([low, high, count])
        if high < published_already:
            result["stale"].append([high, published_already])
        time.sleep(0.005)


def main():
    driver, *paths = sys.argv[1:]
    results = [{"reads": 0, "seen": set(), "failed": [], "torn": [], "stale": []} for _ in range(2)]
    # Two at once, so that a connection is always open while another one opens: that is what made
    # DuckDB go on reading a replaced file.
    threads = [
        threading.Thread(target=loop, args=(DRIVERS[driver], result, *map(Path, paths)))
        for result in results
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(
        json.dumps(
            {
                "reads": sum(result["reads"] for result in results),
                "releases_seen": len(set.union(*(result["seen"] for result in results))),
                **{
                    name: [entry for result in results for entry in result[name]]
                    for name in ("failed", "torn", "stale")
                },
            }
        )
    )


if __name__ == "__main__":
    main()
