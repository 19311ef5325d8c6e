"""The commands of the monthly refresh: `kaw backfill` and `kaw report`.

Imports that take time happen in the commands.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from orchestration.errors import PipelineError, UsageError
from orchestration.home import Home

FAILED = 1
MISUSED = 2


class MonthType(click.ParamType):
    """A month, YYYY-MM."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        """Return the month as it was given, if it is one."""
        if not re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", value):
            self.fail(f"'{value}' is no month; write it as 2024-03.", param, ctx)
        return str(value)


def add_monthly_commands(
    main: click.Group, home_option: Callable[[click.Command], click.Command]
) -> None:
    """Add the commands to the command line; arguments as for `add_metrics_commands`."""
    main.add_command(home_option(_backfill))
    main.add_command(home_option(_report))


@click.command("backfill")
@click.option("--from", "first", type=MonthType(), required=True, help="First month to run.")
@click.option("--to", "last", type=MonthType(), required=True, help="Last month to run.")
@click.option(
    "--as-known",
    is_flag=True,
    help="Leave out what came after each month could first be reported.",
)
def _backfill(home: Home, first: str, last: str, as_known: bool) -> None:
    """Run months once more, each up to its end; then the newest."""
    from rich.console import Console  # noqa: PLC0415

    from orchestration.cli import terminal  # noqa: PLC0415
    from orchestration.runs.backfill import backfill as run_months  # noqa: PLC0415
    from orchestration.runs.pipeline import Request  # noqa: PLC0415

    progress = terminal.Progress(Console(file=sys.stderr))
    failed = []
    try:
        with progress.shown():
            request = Request(home=home, as_known=as_known)
            for month, record in run_months(request, first, last, progress):
                click.echo(terminal.month_text(month, record))
                if record.status == "failed":
                    failed.append(terminal.failure_text(record, home))
    except UsageError as error:
        _stop(str(error), MISUSED)
    except PipelineError as error:
        _stop(str(error), FAILED)
    if failed:
        _stop("\n".join(failed), FAILED)


@click.command("report")
@click.option("--month", type=MonthType(), help="Month reported.  [default: the last closed one]")
@click.option(
    "--language",
    type=click.Choice(["en", "zh"]),
    default="en",
    show_default=True,
    help="Language of the report.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write.  [default: one a month and language in reports/ of the home]",
)
def _report(home: Home, **options: Any) -> None:
    """Write the failure analysis of a month as one HTML page, from the release readers see."""
    from orchestration.report import write_report  # noqa: PLC0415 - takes time

    try:
        path = write_report(home, **options)
    except UsageError as error:
        _stop(str(error), MISUSED)
    except PipelineError as error:
        _stop(str(error), FAILED)
    click.echo(str(path))


def _stop(message: str, status_code: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(status_code)
