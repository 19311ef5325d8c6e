"""Checks and publishes what Spark handed back, by the code that does so with DuckDB's marts.

Everything happens in the Spark home: the releases of the company's own home stay what they are.
"""

from __future__ import annotations

import time
import uuid

from orchestration.assets.release import publish_marts
from orchestration.checks import WINDOW, run_checks
from orchestration.errors import PipelineError
from orchestration.home import Home
from orchestration.resources import Checker, Pipeline, Publisher
from orchestration.runs.lock import writer_lock
from orchestration.runs.record import RunRecord


class SparkPipeline(Pipeline):
    """A run whose warehouse, results and shelf are those of the Spark home below `home`."""

    @property
    def paths(self) -> Home:
        """The Spark home's paths."""
        return Home.at(self.home).spark


def check_and_publish(home: Home) -> RunRecord:
    """Check the marts that Spark handed back and, if they pass, publish them in the Spark home.

    Args:
        home: The company's home.

    Returns:
        The run's record, published or failed. Where it failed it says why, and readers of the
        Spark home still see the release before.

    Raises:
        WarehouseBusyError: Another process is publishing from Spark.
    """
    pipeline = SparkPipeline(home=str(home.root))
    paths, record = pipeline.paths, pipeline.record
    record.run_id = str(uuid.uuid4())
    start = time.perf_counter()
    with writer_lock(paths.lock, "publishing from Spark"):
        try:
            run_checks(WINDOW, pipeline, Checker())
            if not record.failures:
                publish_marts(pipeline, Publisher(), engine="spark")
        except PipelineError:
            # The publisher's reason stands in the record.
            pass
        finally:
            if record.status != "published":
                record.status = "failed"
            record.seconds["total"] = round(time.perf_counter() - start, 3)
            record.write(paths.runs)
    return record
