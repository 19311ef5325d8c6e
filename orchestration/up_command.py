"""Serve the Dagster UI of a home: web server and daemon, on this machine only."""

import os
import signal
import subprocess
import sys
import time

from orchestration.dbt_arguments import build_environment
from orchestration.errors import PipelineError
from orchestration.home import PROJECT_DIR, Home
from orchestration.settings import load_settings

_HOST = "127.0.0.1"


def serve(home: Home, port: int) -> int:
    """Serve until one of the two processes ends or the user stops it.

    Args:
        home: Home whose runs, schedule and sensor are served.
        port: Port on 127.0.0.1.

    Returns:
        0 where the user stopped it, 1 where a process ended by itself.

    Raises:
        UsageError: The home's settings are no good.
        PipelineError: The definitions cannot be loaded.
    """
    settings = load_settings(home.prepare())
    environment = {
        **os.environ,
        **build_environment(home, settings),
        "KAW_HOME": str(home.root),
        "DAGSTER_HOME": str(home.dagster),
        "DAGSTER_DISABLE_TELEMETRY": "1",
    }
    workspace = ["-m", "orchestration.definitions"]
    commands = [
        ["dagster_webserver", "-h", _HOST, "-p", str(port), *workspace],
        ["dagster._daemon", "run", *workspace],
    ]
    _check_definitions(home)
    processes = [
        subprocess.Popen([sys.executable, "-m", *command], cwd=PROJECT_DIR, env=environment)
        for command in commands
    ]
    signal.signal(signal.SIGTERM, _interrupt)
    sys.stderr.write(f"Dagster UI of {home.root}: http://{_HOST}:{port} (Ctrl-C stops it)\n")
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
    except KeyboardInterrupt:
        return 0
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()
    return 1


def _check_definitions(home: Home) -> None:
    """Parse the dbt project once, before two processes want to do it at the same time."""
    from orchestration.dbt_manifest import prepare_manifest  # noqa: PLC0415

    try:
        prepare_manifest(home, load_settings(home))
    except PipelineError:
        raise
    except OSError as error:
        raise PipelineError(f"The home {home.root} cannot be written: {error}") from error


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
