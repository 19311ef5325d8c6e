"""dbt as a child of this pipeline: same interpreter, same environment, and gone when its parent is.

Run as `python -m orchestration.dbt.process <dbt arguments>`. A dbt that outlived a killed run would
keep the warehouse file locked and go on writing to it while the next run starts.
"""

import gc
import os
import sys
import threading
import time

_POLL_SECONDS = 0.2
# dbt holds its whole project in memory, and Python looks through it each time this many objects are
# new. With the default of 700 that was a tenth of the processor time of parsing and building.
_NEW_OBJECTS = 100_000


def _leave_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_POLL_SECONDS)
    os._exit(1)


def main() -> None:
    """Run dbt with this process's arguments."""
    watch = threading.Thread(target=_leave_with_parent, args=(os.getppid(),), daemon=True)
    watch.start()
    gc.set_threshold(_NEW_OBJECTS)
    # dbt writes every statement and its state to a log, which took a seventh of its processor time.
    # What went wrong also stands in its results, and the statements in its target folder.
    os.environ.setdefault("DBT_LOG_LEVEL_FILE", "none")
    from dbt.cli.main import cli  # noqa: PLC0415 - takes seconds; the watch must start first

    sys.argv[0] = "dbt"
    cli()


if __name__ == "__main__":
    main()
