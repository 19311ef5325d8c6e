"""Write the boards as pages that need no server, with the choices they open with."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from orchestration.dashboard.editions import EDITIONS
from orchestration.dashboard.project import page_names, write_project
from orchestration.errors import PipelineError
from orchestration.home import Home

# One account is chosen by a click, and a page for each would be thousands.
NOT_EXPORTED = frozenset({"account"})
_LINK = re.compile(r'href="/([^"?#]*)([^"]*)"')


def export(home: Home, folder: Path) -> list[Path]:
    """Write every board but the account's, in every edition, as one HTML file each.

    Args:
        home: Home whose current release is shown.
        folder: Folder to write; a link between pages works from any disk.

    Returns:
        Files written.

    Raises:
        UsageError: The home has no release, or its settings are no good.
        PipelineError: dbt Charts could not draw a board.
    """
    project = home.dashboard
    write_project(home, project)
    pages = [*(name for name in page_names() if name not in NOT_EXPORTED), "glossary"]
    written = []
    for edition in EDITIONS:
        out = folder / edition.prefix
        out.mkdir(parents=True, exist_ok=True)
        _render(project, [_source(project, edition.prefix, page) for page in pages], out)
        for page in pages:
            file = out / f"{page}.html"
            text = file.read_text("utf-8")
            file.write_text(_with_files(text, edition.prefix, set(pages)), "utf-8")
            written.append(file)
    return written


def _with_files(text: str, prefix: str, pages: set[str]) -> str:
    up = "../" * prefix.count("/")
    return _LINK.sub(lambda match: _relative(match, up, pages), text)


def _source(project: Path, prefix: str, page: str) -> str:
    suffix = "md" if page == "glossary" else "yml"
    return str((project / "charts" / prefix / f"{page}.{suffix}").relative_to(project))


def _render(project: Path, boards: list[str], out: Path) -> None:
    command = [str(Path(sys.executable).with_name("dct")), "render", *boards]
    options = ["--format", "html", "--output", f"{out.resolve()}/{{stem}}.html", "--no-warnings"]
    environment = {name: value for name, value in os.environ.items() if name != "DCT_CACHE_PATH"}
    result = subprocess.run(
        [*command, *options, "--no-cache"],
        cwd=project,
        env={**environment, "DO_NOT_TRACK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise PipelineError(f"dbt Charts could not draw the boards:\n{result.stderr[-2000:]}")


def _relative(match: re.Match[str], up: str, pages: set[str]) -> str:
    """Turn an address of the server into a file; what was not exported leads nowhere."""
    folder, _, page = match[1].strip("/").rpartition("/")
    if not folder and page in {"zh", "phone"}:
        folder, page = page, ""
    elif folder == "zh" and page == "phone":
        folder, page = "zh/phone", ""
    page = page or "index"
    if page not in pages:
        return 'href="#"'
    fragment = match[2][match[2].find("#") :] if "#" in match[2] else ""
    return (
        f'href="{up}{folder}/{page}.html{fragment}"'
        if folder
        else f'href="{up}{page}.html{fragment}"'
    )
