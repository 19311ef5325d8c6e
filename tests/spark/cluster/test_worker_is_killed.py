"""A build on a cluster of two workers, one of which is killed: the marts are what DuckDB makes."""

import json
import multiprocessing
import os
import shutil
import time
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from spark_marts import Pair, read_back
from standalone_cluster import EventLog, StandaloneCluster
from two_builds import QUICK

from orchestration.home import Home
from orchestration.spark.build import build_on_spark

pytestmark = pytest.mark.slow

# The data tests are not asked here; `make spark` asks them.
ARGUMENTS = ["--exclude-resource-type", "test"]

# The incremental fact, appended to and with hooks: a task done twice must not leave its rows twice.
KILLED_IN = "fct_invoice_lines"

_LONGEST_SECONDS = 3600
# No job of this company takes as long, unless one of its tasks is with a worker that does nothing.
_WAITING_SECONDS = 10


@pytest.fixture(scope="module")
def built(company, marts, tmp_path_factory):
    """The marts of both engines, and the event log of the build that lost a worker."""
    folder = tmp_path_factory.mktemp("cluster")
    home = Home.at(folder / "home").prepare()
    shutil.copy2(company.warehouse, home.warehouse)
    target = home.root / "spark" / "dbt" / "target"
    with (
        StandaloneCluster(folder / "spark") as cluster,
        # A process of its own: this one may have a Spark already, and it has only one.
        multiprocessing.get_context("spawn").Pool(1) as process,
    ):
        events, environment = settings(folder, cluster)
        build = process.apply_async(
            build_and_read, (home, environment, sorted(marts), folder / "build.log")
        )
        freeze_and_kill(cluster, build, events, target)
        found = build.get(_LONGEST_SECONDS)
        log = EventLog(events)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home.warehouse}' as warehouse (read_only)")
        yield SimpleNamespace(
            connection=connection,
            marts=marts,
            found=found,
            statuses=statuses(target),
            log=log,
        )


def settings(folder, cluster):
    """Return the folder of the event log, and what points a build at a cluster."""
    events, conf = folder / "events", folder / "conf"
    events.mkdir()
    shutil.copytree(Path(__file__).parents[1] / "conf", conf)
    with (conf / "spark-defaults.conf").open("a") as defaults:
        defaults.write(f"spark.eventLog.enabled true\nspark.eventLog.dir {events.as_uri()}\n")
    return events, QUICK | {
        "KAW_SPARK_MASTER": cluster.url,
        # As many as there are executors: with one part, one of them would have nothing to do.
        "KAW_SPARK_PARTITIONS": str(len(cluster.workers)),
        "SPARK_CONF_DIR": str(conf),
    }


def build_and_read(home, environment, marts, log):
    """Build what is selected and read it back, in a process whose output goes to a log."""
    with log.open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.environ.update(environment)
    build_on_spark(home, ARGUMENTS)
    return read_back(home.root / "spark" / "marts", marts)


def freeze_and_kill(cluster, build, events, target):
    """Kill a worker while it holds a task of the model.

    Tasks take milliseconds here, too few to meet one. So the worker freezes once the model has
    begun; the next task it gets it keeps, and the build waits for it.
    """
    # dbt keeps each statement in a file from the moment it runs it.
    statement = f"run/*/models/**/{KILLED_IN}.sql"
    wait_until(build, lambda: any(target.glob(statement)))
    worker = cluster.workers[0]
    cluster.freeze(worker)
    waiting = Waiting(events)
    wait_until(build, lambda: waiting.seconds() > _WAITING_SECONDS)
    cluster.kill(worker)


class Waiting:
    """For how long a build has been running the same jobs."""

    def __init__(self, events):
        self.events = events
        self.jobs, self.since = set(), 0.0

    def seconds(self):
        jobs = EventLog(self.events).jobs_running()
        if jobs != self.jobs:
            self.jobs, self.since = jobs, time.monotonic()
        return time.monotonic() - self.since if jobs else 0.0


def wait_until(build, reached):
    end = time.monotonic() + _LONGEST_SECONDS
    while not reached():
        if build.ready():
            pytest.fail(f"the build ended before a worker could be killed: {build.get()}")
        assert time.monotonic() < end, "the build never got there"
        time.sleep(0.1)


def statuses(target):
    results = json.loads((target / "run_results.json").read_text())
    return {result["unique_id"].split(".")[-1]: result["status"] for result in results["results"]}


def test_the_build_succeeds_without_the_worker(built):
    # Exposures are part of a build that does nothing.
    assert set(built.statuses.values()) == {"success", "no-op"}
    assert {built.statuses[name] for name in built.marts} == {"success"}
    assert built.found.keys() == built.marts.keys()


def test_both_workers_had_done_tasks_and_one_was_lost_with_a_task(built):
    done, lost = built.log.tasks_done(), built.log.tasks_lost()
    assert len(done) == 2
    assert min(done.values()) > 10
    assert len(lost) == 1
    assert lost.keys() <= done.keys() & built.log.executors_removed().keys()


def test_every_mart_is_the_same_row_by_row_and_type_by_type(built):
    pairs = {
        name: Pair(
            built.connection,
            f'warehouse.marts."{name}"',
            built.found[name],
            tuple(built.marts[name].key),
        )
        for name in built.marts
    }
    assert {name: found for name, pair in pairs.items() if (found := pair.differences())} == {}
    assert pairs["fct_invoice_lines"].rows() > 10_000
    empty = {name for name, pair in pairs.items() if not pair.rows()}
    assert len(empty) <= len(pairs) / 10, empty
