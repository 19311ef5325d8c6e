"""Close runs in Dagster's history whose process died.

Called only by whoever holds the writer's lock: while it is held no other run can be alive, so a run
that still counts as started was killed. Left open, it would occupy the writer's pool for ever.
"""

from typing import Any

import dagster as dg

_OPEN = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def close_dead_runs(instance: Any, own_run_id: str | None = None) -> list[str]:
    """Mark runs that are open but cannot be alive as failed.

    Args:
        instance: Dagster instance of the home.
        own_run_id: The run that calls, which is alive.

    Returns:
        Ids of the runs closed.
    """
    closed = []
    for run in instance.get_runs(filters=dg.RunsFilter(statuses=_OPEN)):
        if run.run_id == own_run_id:
            continue
        instance.report_run_failed(run, message="The process of this run ended without a word.")
        closed.append(run.run_id)
    return closed
