"""The command line, `kaw`: the same jobs as Dagster's, run in this process.

Exit status: 0 a release was published or is current; 1 a load, a check or the publisher stopped
the run, with the reason on stderr; 2 the command itself makes no sense.
"""

from orchestration.cli.commands import main

__all__ = ["main"]
