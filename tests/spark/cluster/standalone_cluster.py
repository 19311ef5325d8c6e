"""A standalone cluster of Spark on loopback, and what an application's event log says of it.

The scripts that start a cluster are not in pip's pyspark; the classes behind them are.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

_HOST = "127.0.0.1"
_LONGEST_SECONDS = 60
_CLASSES = "org.apache.spark.deploy"
_FREE_PORTS = ("--port", "0", "--webui-port", "0")


class StandaloneCluster:
    """A master and workers of one core each, every one of them in a process group of its own.

    A worker's executors are in its group. Logs and work folders are below `folder` and stay.
    """

    def __init__(self, folder, workers=2):
        self.folder = Path(folder)
        self.workers = []
        self._processes = []
        self._environment = os.environ | {
            "SPARK_LOCAL_IP": _HOST,
            "SPARK_LOCAL_DIRS": str(self.folder / "local"),
            "SPARK_DAEMON_MEMORY": "256m",
        }
        # A cluster has settings of its own; those of the application reach it by the driver.
        self._environment.pop("SPARK_CONF_DIR", None)
        self.folder.mkdir(parents=True)
        try:
            self._start("master", f"{_CLASSES}.master.Master", "--host", _HOST)
            self.url = self._said("master", rf"Starting Spark master at (spark://{_HOST}:\d+)")
            for number in range(workers):
                self.workers.append(self._start_worker(f"worker-{number}"))
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def freeze(self, worker):
        """Stop a worker and its executors where they stand: what they were given they keep."""
        os.killpg(worker, signal.SIGSTOP)

    def kill(self, worker):
        """Kill a worker and its executors with signal 9."""
        os.killpg(worker, signal.SIGKILL)

    def stop(self):
        """Kill all that is left."""
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _start_worker(self, name):
        memory = ("--cores", "1", "--memory", "1g")
        work = ("--work-dir", str(self.folder / name))
        group = self._start(
            name, f"{_CLASSES}.worker.Worker", "--host", _HOST, *memory, *work, self.url
        )
        self._said(name, r"(Successfully registered) with master")
        return group

    def _start(self, name, java_class, *arguments):
        spark = Path(find_spec("pyspark").origin).parent
        with self._log(name).open("wb") as log:
            process = subprocess.Popen(
                [spark / "bin" / "spark-class", java_class, *_FREE_PORTS, *arguments],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment | {"SPARK_HOME": str(spark)},
                start_new_session=True,
            )
        self._processes.append(process)
        return process.pid

    def _log(self, name):
        return self.folder / f"{name}.log"

    def _said(self, name, pattern):
        end = time.monotonic() + _LONGEST_SECONDS
        while not (found := re.search(pattern, self._log(name).read_text(errors="replace"))):
            assert self._processes[-1].poll() is None, f"it ended; read {self._log(name)}"
            assert time.monotonic() < end, f"it does not start; read {self._log(name)}"
            time.sleep(0.1)
        return found[1]


class EventLog:
    """What one application wrote to its event log so far, below a folder of its own."""

    def __init__(self, folder):
        self.events = [
            json.loads(line)
            for path in Path(folder).iterdir()
            # The last line may be half written.
            for line in path.read_text().splitlines(keepends=True)
            if line.endswith("\n")
        ]

    def of(self, kind):
        """Return the events of a kind, such as `JobStart`."""
        return [event for event in self.events if event["Event"] == f"SparkListener{kind}"]

    def jobs_running(self):
        """Return the numbers of the jobs that began and have not ended."""
        ended = {event["Job ID"] for event in self.of("JobEnd")}
        return {event["Job ID"] for event in self.of("JobStart")} - ended

    def executors_removed(self):
        """Return why each executor was lost, by its number."""
        return {
            event["Executor ID"]: event["Removed Reason"] for event in self.of("ExecutorRemoved")
        }

    def tasks_done(self):
        """Return how many tasks each executor did to their end."""
        return self._tasks("Success")

    def tasks_lost(self):
        """Return how many tasks went with each executor, and had to be done by another."""
        return self._tasks("ExecutorLostFailure")

    def _tasks(self, end):
        return Counter(
            event["Task Info"]["Executor ID"]
            for event in self.of("TaskEnd")
            if event["Task End Reason"]["Reason"] == end
        )
