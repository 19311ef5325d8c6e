"""Publishes, and is killed by itself (SIGKILL) at a named moment.

usage: dying_process.py PUBLISHED WAREHOUSE DBT_MANIFEST MOMENT

MOMENT is `before` or `after`, a dot and the name of a function that publishing calls, or `never`.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from orchestration.publishing import parquet, shelf, writer
from orchestration.publishing import publish as publish_function

IN_PUBLISH = ("verify", "write_durably", "flip", "prune")
OWNERS = {
    "write_tables": vars(writer),
    "write_parquet": vars(parquet),
    "replace": vars(os),
    "rmtree": vars(shutil),
    **dict.fromkeys(IN_PUBLISH, publish_function.__globals__),
}


def die_at(moment):
    when, name = moment.split(".")
    original = OWNERS[name][name]

    def dying(*arguments, **options):
        # Of all folders removed, only a release dropped from the shelf is the moment meant.
        if name == "rmtree" and not arguments[0].name.startswith(shelf.PRUNED_PREFIX):
            return original(*arguments, **options)
        if when == "after":
            original(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)
        return None

    OWNERS[name][name] = dying


def main():
    published, warehouse, dbt_manifest, moment = sys.argv[1:]
    if moment != "never":
        die_at(moment)
    publish_function(
        Path(published),
        Path(warehouse),
        run_id="dying",
        manifest_extra={},
        retain=1,
        memory_limit="1GB",
        dbt_manifest=Path(dbt_manifest),
    )


if __name__ == "__main__":
    main()
