"""`python -m orchestration.spark --home DIR`: build a loaded home's models on Spark."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from orchestration.home import Home
from orchestration.spark.build import SparkError, build_on_spark


def main(arguments: list[str] | None = None) -> int:
    """Hand a home's raw tables over to Spark and build the models there.

    Args:
        arguments: Arguments; those of the process if not given.

    Returns:
        Exit status: 0, or 1 where something failed.
    """
    parser = argparse.ArgumentParser(prog="python -m orchestration.spark", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("home"), help="home with a warehouse")
    parser.add_argument("dbt", nargs="*", help="further arguments of dbt build, after --")
    options = parser.parse_args(arguments)
    try:
        build_on_spark(Home.at(options.home), options.dbt)
    except SparkError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
