"""Serve the Dagster UI of a home: web server and daemon, on this machine only."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from orchestration.dbt.arguments import build_environment
from orchestration.dbt.manifest import prepare_manifest
from orchestration.home import PROJECT_DIR, Home
from orchestration.settings import load_settings

_HOST = "127.0.0.1"
_POLL_SECONDS = 0.3
_STOP_SECONDS = 30


def serve(home: Home, port: int) -> int:
    """Serve until the user stops it or one of the two processes ends by itself.

    Args:
        home: Home whose runs, schedule and sensor are served.
        port: Port on 127.0.0.1.

    Returns:
        Exit status: 0 where the user stopped it, 1 where a process ended.

    Raises:
        UsageError: The home's settings are no good.
        PipelineError: dbt cannot parse the project.
    """
    settings = load_settings(home.prepare())
    # Once here, before two processes load the definitions at the same time.
    prepare_manifest(home, settings)
    environment = {
        **os.environ,
        **build_environment(home, settings),
        "KAW_HOME": str(home.root),
        **home.dagster_environment,
    }
    for stop in (signal.SIGINT, signal.SIGTERM):
        # SIGINT too: a shell starts background jobs with it ignored, and the servers, which
        # would inherit that, could then not be stopped at all.
        signal.signal(stop, _interrupt)
    sys.stderr.write(f"Dagster UI of {home.root}: http://{_HOST}:{port} (Ctrl-C stops it)\n")
    processes = [
        subprocess.Popen([sys.executable, "-m", *command], cwd=PROJECT_DIR, env=environment)
        for command in server_commands(port)
    ]
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(processes)
    return 1


def server_commands(port: int) -> list[list[str]]:
    """Return the two servers as modules with arguments: the web server and the daemon.

    Args:
        port: Port of the web server, on the loopback address alone.
    """
    code = ["-m", "orchestration.definitions"]
    return [
        ["dagster_webserver", "-h", _HOST, "-p", str(port), *code],
        ["dagster._daemon", "run", *code],
    ]


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
