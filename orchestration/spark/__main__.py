"""`python -m orchestration.spark --home DIR`: build, check and publish a loaded home on Spark."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from orchestration.cli.terminal import failure_text, warning_lines
from orchestration.errors import PipelineError
from orchestration.home import Home
from orchestration.spark.build import build_on_spark
from orchestration.spark.hand_back import hand_back
from orchestration.spark.release import check_and_publish


def main(arguments: list[str] | None = None) -> int:
    """Build a home's models on Spark, check its marts and publish them in the Spark home.

    Args:
        arguments: Arguments; those of the process if not given.

    Returns:
        Exit status: 0, or 1 where something failed.
    """
    parser = argparse.ArgumentParser(prog="python -m orchestration.spark", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("home"), help="home with a warehouse")
    parser.add_argument("dbt", nargs="*", help="further arguments of dbt build, after --")
    options = parser.parse_args(arguments)
    home = Home.at(options.home)
    try:
        build_on_spark(home, options.dbt)
        rows = hand_back(home)
        print(f"Spark handed {sum(rows.values()):,} rows of {len(rows)} tables back.")
        record = check_and_publish(home)
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 1
    if record.status == "failed":
        print(failure_text(record, home.spark), file=sys.stderr)
        return 1
    window, published = record.facts["window"], record.facts["publish"]
    print(
        f"Checked    {window['expectations']} expectations at the window,"
        f" {window['warnings']} warnings\n"
        f"Published  release {record.release}: {published['tables']} tables,"
        f" {published['rows']:,} rows, as of {published['as_of_month'] or 'no month'}"
    )
    print(
        "\n".join([*warning_lines(record, home.spark), "", f"Marts  {home.spark.current_release}"])
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
