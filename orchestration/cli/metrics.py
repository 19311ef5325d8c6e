"""The commands `kaw metrics list` and `kaw metrics query`: the semantic layer on the command line.

Options are named as in MetricFlow's own program, so that its manual applies. Imports that take time
happen in the commands.
"""

import csv
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click

from orchestration.errors import UsageError
from orchestration.home import Home

MISUSED = 2
_DECIMALS = 6


class NamesType(click.ParamType):
    """Names with commas between."""

    name = "NAMES"

    def convert(self, value: Any, param: Any, ctx: Any) -> list[str]:
        """Return the names."""
        if isinstance(value, list):
            return value
        names = [name.strip() for name in value.split(",")]
        if not all(names):
            self.fail(f"'{value}' has an empty name; write them as churn_rate,net_revenue.")
        return names


def add_metrics_commands(
    main: click.Group, home_option: Callable[[click.Command], click.Command]
) -> None:
    """Add the group `metrics` to the command line.

    Args:
        main: The command line.
        home_option: Its option `--home`.
    """
    group = click.Group("metrics", help="Ask the current release for figures by name.")
    group.add_command(home_option(_list))
    group.add_command(home_option(_query))
    main.add_command(group)


@click.command("list")
@click.argument("metric", required=False)
def _list(home: Home, metric: str | None) -> None:
    """List the metrics and saved queries, or tell what METRIC means and what it is grouped by."""
    from orchestration.semantic import describe, open_release  # noqa: PLC0415 - takes time

    try:
        with open_release(home) as release:
            text = describe.one(release, metric) if metric else describe.everything(release)
    except UsageError as error:
        _stop(error)
    click.echo(text)


@click.command("query")
@click.option("--metrics", type=NamesType(), help="Metrics, with commas between.")
@click.option(
    "--group-by",
    type=NamesType(),
    help="What to group by, such as metric_time__month,customer__region.",
)
@click.option("--saved-query", metavar="NAME", help="Metrics and grouping by a name of their own.")
@click.option(
    "--where",
    metavar="CONDITION",
    multiple=True,
    help="SQL condition, such as \"{{ Dimension('customer__region') }} = 'North'\". Repeatable.",
)
@click.option("--order", type=NamesType(), help="Order of rows; -name for descending.")
@click.option("--limit", type=click.IntRange(min=1), help="Rows at most.")
@click.option("--start-time", type=click.DateTime(["%Y-%m-%d"]), help="First day, YYYY-MM-DD.")
@click.option("--end-time", type=click.DateTime(["%Y-%m-%d"]), help="Last day, YYYY-MM-DD.")
@click.option(
    "--csv", "csv_file", type=click.Path(path_type=Path), help="Write every digit to a CSV file."
)
@click.option("--explain", is_flag=True, help="Show the SQL instead of running it.")
def _query(home: Home, csv_file: Path | None, explain: bool, **question: Any) -> None:
    """Compute metrics, grouped as you say, from the release readers see."""
    from orchestration.semantic import ask, open_release  # noqa: PLC0415 - takes time

    if bool(question["metrics"]) == bool(question["saved_query"]):
        _stop(UsageError("Say either --metrics or --saved-query; `kaw metrics list` has both."))
    try:
        with open_release(home) as release:
            if explain:
                click.echo(ask.sql(release, **question))
                return
            columns, rows = ask.answer(release, **question)
    except UsageError as error:
        _stop(error)
    if csv_file:
        with csv_file.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows)
    else:
        click.echo(_table(columns, rows))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.{_DECIMALS}f}" if isinstance(value, float) else str(value)


def _table(columns: list[str], rows: list[tuple[Any, ...]]) -> str:
    cells = [columns, *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(columns))]
    is_number = [
        any(row[index] is not None for row in rows)
        and not any(isinstance(row[index], str | date) for row in rows)
        for index in range(len(columns))
    ]
    lines = [
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, is_number, strict=True)
        ).rstrip()
        for row in cells
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _stop(error: UsageError) -> NoReturn:
    click.echo(str(error), err=True)
    sys.exit(MISUSED)
