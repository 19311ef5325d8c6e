"""The commands of `kaw`. Imports that take time happen in the commands that need them."""

import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from orchestration.cli.metrics import add_metrics_commands
from orchestration.cli.monthly import MonthType, add_monthly_commands
from orchestration.errors import PipelineError, UsageError
from orchestration.home import DEFAULT_HOME, Home

FAILED = 1
MISUSED = 2


class HomeType(click.ParamType):
    """A home folder, which need not exist yet."""

    name = "DIR"

    def convert(self, value: Any, param: Any, ctx: Any) -> Home:
        """Return the home at the folder."""
        if isinstance(value, Home):
            return value
        home = Home.at(value)
        if home.root.exists() and not home.root.is_dir():
            self.fail(f"{home.root} is a file, not a folder.", param, ctx)
        return home


home_option = click.option(
    "--home",
    type=HomeType(),
    default=str(DEFAULT_HOME),
    show_default=True,
    envvar="KAW_HOME",
    help="Folder that holds everything the company owns.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Key Account Warehouse: from extracts to checked, published marts.

    Try `kaw sample`, then `kaw run`.
    """


@main.command()
@home_option
@click.option(
    "--scale",
    type=click.FloatRange(min=0, min_open=True, max=1000),
    default=1,
    show_default=True,
    help="Size; 1 is about 2,000 customers and 300,000 invoice lines.",
)
@click.option(
    "--customers",
    type=click.IntRange(120, 2_000_000),
    help="Customers who share a ledger of that scale.  [default: as many as it has]",
)
@click.option(
    "--months",
    type=click.IntRange(12, 120),
    default=36,
    show_default=True,
    help="Months of history.",
)
@click.option(
    "--seed", type=int, default=42, show_default=True, help="Another seed, another company."
)
@click.option(
    "--language",
    type=click.Choice(["en", "zh"]),
    default="en",
    show_default=True,
    help="Language of headers, names and values.",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv.gz", "csv", "parquet"]),
    default="csv.gz",
    show_default=True,
    help="Kind of the extract files.",
)
def sample(home: Home, **options: Any) -> None:
    """Write the extracts of a made-up company into a home, the same for the same options."""
    from rich.console import Console  # noqa: PLC0415

    from orchestration.cli.terminal import Progress  # noqa: PLC0415
    from orchestration.sample import generate  # noqa: PLC0415 - takes time

    progress = Progress(Console(file=sys.stderr))
    try:
        with progress.shown():
            summary = generate(
                home.root,
                progress=lambda what, done, total: progress("sample", f"{what}, {done} of {total}"),
                **options,
            )
    except UsageError as error:
        _stop(str(error), MISUSED)
    except PipelineError as error:
        _stop(str(error), FAILED)
    click.echo(str(summary))


@main.command()
@home_option
@click.option(
    "--extracts",
    type=click.Path(path_type=Path),
    help="Folder of the extracts.  [default: extracts/ in the home]",
)
@click.option(
    "--mapping",
    metavar="FILE_OR_NAME",
    help="How to read them.  [default: mapping.yml beside them, else the contract as it is]",
)
@click.option("--as-of", type=MonthType(), help="Month reported.  [default: the last with data]")
@click.option("--full-refresh", is_flag=True, help="Rebuild everything from the raw tables.")
@click.option("--force", is_flag=True, help="Run even if the release is current.")
@click.option(
    "--allow-breaking",
    metavar="MART",
    multiple=True,
    help="Let a mart lose or change columns in this release. May be repeated.",
)
def run(home: Home, **options: Any) -> None:
    """Load, check, build, check and publish. Does nothing if nothing changed."""
    from rich.console import Console  # noqa: PLC0415

    from orchestration.cli import terminal  # noqa: PLC0415
    from orchestration.cli.headline import read_figures  # noqa: PLC0415
    from orchestration.runs.pipeline import Request, run_pipeline  # noqa: PLC0415

    progress = terminal.Progress(Console(file=sys.stderr))
    try:
        with progress.shown():
            record = run_pipeline(Request(home=home, **options), progress)
    except UsageError as error:
        _stop(str(error), MISUSED)
    except PipelineError as error:
        _stop(str(error), FAILED)
    if record.status == "failed":
        _stop(terminal.failure_text(record, home), FAILED)
    figures = read_figures(home.current_release)
    if record.status == "current":
        click.echo(terminal.current_text(home, figures))
    else:
        click.echo(terminal.success_text(record, home, figures))


@main.command()
@home_option
def status(home: Home) -> None:
    """Show the releases on the shelf and the last runs."""
    from orchestration.cli.status import status_text  # noqa: PLC0415

    try:
        click.echo(status_text(home))
    except PipelineError as error:
        _stop(str(error), FAILED)


@main.command()
@home_option
@click.option(
    "--rollback", is_flag=True, help="Let readers see the release before the current one."
)
def publish(home: Home, rollback: bool) -> None:
    """Change which release readers see. Publishing new marts is what `kaw run` does."""
    from orchestration.publishing import rollback as roll_back  # noqa: PLC0415

    if not rollback:
        raise click.UsageError("Nothing to do: `kaw publish --rollback` goes one release back.")
    try:
        release = roll_back(home.published)
    except PipelineError as error:
        _stop(str(error), FAILED)
    click.echo(
        f"Readers now see release {release.release_id}, as of {release.as_of_month or 'no month'}."
        " The next `kaw run` publishes forward again."
    )


@main.command()
@home_option
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
def up(home: Home, port: int) -> None:
    """Serve the Dagster UI on 127.0.0.1, with the schedule and the sensor."""
    from orchestration.cli.up import serve  # noqa: PLC0415

    try:
        sys.exit(serve(home, port))
    except UsageError as error:
        _stop(str(error), MISUSED)
    except PipelineError as error:
        _stop(str(error), FAILED)


@main.command()
@home_option
@click.option("--port", type=click.IntRange(1, 65535), default=8081, show_default=True)
@click.option(
    "--export",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write pages that need no server into this folder instead.",
)
def dashboard(home: Home, port: int, folder: Path | None) -> None:
    """Serve the dashboard of a home's current release on 127.0.0.1."""
    from orchestration import dashboard as boards  # noqa: PLC0415 - takes time

    try:
        if folder is None:
            sys.exit(boards.serve(home, port))
        written = boards.export(home, folder)
        click.echo(f"{len(written)} pages written; open {folder / 'index.html'}")
    except UsageError as error:
        _stop(str(error), MISUSED)
    except PipelineError as error:
        _stop(str(error), FAILED)


add_metrics_commands(main, home_option)
add_monthly_commands(main, home_option)


def _stop(message: str, status_code: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(status_code)
