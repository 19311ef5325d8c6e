"""Serve the Dagster UI of a home: web server and daemon, on this machine only."""

import os
import subprocess
import sys

from orchestration.dbt_arguments import build_environment
from orchestration.dbt_manifest import prepare_manifest
from orchestration.home import PROJECT_DIR, Home
from orchestration.settings import load_settings

_HOST = "127.0.0.1"


def serve(home: Home, port: int) -> int:
    """Serve until the user stops it.

    Args:
        home: Home whose runs, schedule and sensor are served.
        port: Port on 127.0.0.1.

    Returns:
        Exit status: 0 where the user stopped it.

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
        "DAGSTER_HOME": str(home.dagster),
        "DAGSTER_DISABLE_TELEMETRY": "1",
    }
    command = [sys.executable, "-m", "dagster", "dev", "-h", _HOST, "-p", str(port)]
    sys.stderr.write(f"Dagster UI of {home.root}: http://{_HOST}:{port} (Ctrl-C stops it)\n")
    process = subprocess.Popen(
        [*command, "-m", "orchestration.definitions"], cwd=PROJECT_DIR, env=environment
    )
    try:
        return process.wait()
    except KeyboardInterrupt:
        # The terminal sent the interrupt to dagster as well, which ends its processes itself.
        process.wait()
        return 0
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
