"""Serve the boards of a home on this machine alone, and follow its releases.

dbt Charts has no login of its own. It is bound to the loopback address and answers only to this
machine's names, so that no page elsewhere can read it through a visitor's browser.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from typing import Any

from orchestration.dashboard.project import BOARDS, GLOSSARY, write_project, write_source
from orchestration.dashboard.speed import remember_styles
from orchestration.errors import PipelineError
from orchestration.home import Home

HOST = "127.0.0.1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
_POLL_SECONDS = 1.0
_PHONE = re.compile(r"Mobi|iPhone|Android.+Mobile")
_NEVER_PHONE = ("/phone", "/zh/phone", "/static", "/__", "/health", "/data")


def serve(home: Home, port: int) -> int:
    """Serve until the user stops it.

    Args:
        home: Home whose current release is shown.
        port: Port on 127.0.0.1.

    Returns:
        Exit status: 0 where the user stopped it, 1 where the server could not start.

    Raises:
        UsageError: The home has no release, or its settings are no good.
        PipelineError: The server refuses its configuration.
    """
    folder = home.dashboard
    write_project(home, folder)
    os.environ["DO_NOT_TRACK"] = "1"
    # Asking the release anew is quicker than asking a file of earlier answers.
    os.environ.pop("DCT_CACHE_PATH", None)
    remember_styles()
    server = _build(folder, port)
    stop = threading.Event()
    follower = threading.Thread(target=_follow, args=(home, stop), daemon=True)
    follower.start()
    sys.stderr.write(f"Dashboard of {home.root}: http://{HOST}:{port} (Ctrl-C stops it)\n")
    try:
        server.run()
    except KeyboardInterrupt:
        return 0
    finally:
        stop.set()
    return 0 if server.started else 1


def _build(folder: Any, port: int) -> Any:
    # They take seconds to import.
    from dbt_charts.agent_api.serve import ServeSetup, prepare_serve  # noqa: PLC0415
    from dbt_charts.cli.filesystem_project import FilesystemProject  # noqa: PLC0415
    from starlette.middleware.trustedhost import TrustedHostMiddleware  # noqa: PLC0415

    setup = prepare_serve(
        FilesystemProject(folder),
        port=port,
        host=HOST,
        dialect="duckdb",
        target=None,
        max_workers=None,
        no_cache=True,
        cache_path=None,
    )
    if not isinstance(setup, ServeSetup):
        raise PipelineError(f"dbt Charts cannot serve {folder}: {setup}")
    setup.app.add_middleware(PhoneRedirect)
    setup.app.add_middleware(TrustedHostMiddleware, allowed_hosts=ALLOWED_HOSTS)
    return setup.server


class PhoneRedirect:
    """Send a phone that asks for a desk's page to the same page laid out for it.

    Args:
        app: ASGI application behind it.
    """

    def __init__(self, app: Any) -> None:
        """Put this in front of an application."""
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request; the arguments are those of ASGI."""
        target = _phone_target(scope) if scope["type"] == "http" else None
        if target is None:
            await self._app(scope, receive, send)
            return
        from starlette.responses import RedirectResponse  # noqa: PLC0415

        await RedirectResponse(target, status_code=302)(scope, receive, send)


def _phone_target(scope: Any) -> str | None:
    agent = next((value for name, value in scope["headers"] if name == b"user-agent"), b"")
    path = scope["path"]
    if path.startswith(_NEVER_PHONE) or "." in path or not _PHONE.search(agent.decode("latin-1")):
        return None
    query = scope["query_string"].decode("latin-1")
    moved = f"/zh/phone{path[3:]}" if path.startswith("/zh") else f"/phone{path}"
    return f"{moved}?{query}" if query else moved


def _follow(home: Home, stop: threading.Event) -> None:
    written = _edited()
    while not stop.wait(_POLL_SECONDS):
        try:
            edited = _edited()
            if edited != written:
                written = edited
                write_project(home, home.dashboard)
            elif write_source(home, home.dashboard):
                sys.stderr.write(f"Now showing {home.current_release.resolve().parent.name}\n")
        except Exception as error:
            sys.stderr.write(f"Still showing what was there: {error}\n")


def _edited() -> list[int]:
    files = [GLOSSARY, *sorted(BOARDS.rglob("*.yml"))]
    return [file.stat().st_mtime_ns for file in files]
