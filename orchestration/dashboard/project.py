"""Write the dbt Charts project of a home: boards in every edition, and the release they read.

dbt Charts watches the project's folder and takes its sources anew when dbt_charts.yml changes. So
a new release is one file rewritten, and every open page loads itself again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from orchestration.dashboard.editions import EDITIONS, NOTHING, UNKNOWN, Edition, edit
from orchestration.errors import UsageError
from orchestration.home import PROJECT_DIR, Home
from orchestration.settings import load_settings
from orchestration.yaml_file import read_yaml

BOARDS = PROJECT_DIR / "dashboards"
GLOSSARY = PROJECT_DIR / "docs" / "glossary.md"
TRANSLATIONS = BOARDS / "translations" / "zh.yml"
# Order of the pages in the line on top of each; an account's page is reached by a click.
PAGES = {
    "index": "Director's board",
    "tiers": "Tiers",
    "churn": "Churn",
    "cohorts": "Cohorts",
    "share": "Share of wallet",
    "failures": "Failures",
    "causes": "Causes",
    "watchlist": "Watch list",
    "glossary": "Definitions",
}
OTHER_LANGUAGE = {"en": ("zh", "中文"), "zh": ("en", "English")}
_SYMBOLS = {"CNY": "¥", "GBP": "£", "USD": "$", "EUR": "€"}
_LOCALES = {"en": ("en-GB", "en"), "zh": ("zh-CN", "zh")}
_PHONE_WIDTH = 420


def page_names() -> list[str]:
    """Return the names of the boards in dashboards/, without parts that boards share."""
    return sorted(path.stem for path in BOARDS.glob("[!_]*.yml") if path.stem != "meta")


def release_file(home: Home) -> Path:
    """Return the DuckDB file of the current release, past the link that the next one will move.

    Raises:
        UsageError: The home has published nothing.
    """
    if not home.current_release.exists():
        raise UsageError(f"{home.root} has no release yet; `kaw run --home {home.root}` makes one.")
    return home.current_release.resolve()


def write_project(home: Home, folder: Path) -> None:
    """Write boards, definitions and the source they read; what else the folder held is removed.

    Args:
        home: Home whose release the boards show.
        folder: Folder to write.

    Raises:
        UsageError: The home has published nothing, or its settings are no good.
    """
    shutil.rmtree(folder / "charts", ignore_errors=True)
    words = read_yaml(TRANSLATIONS)
    currency = reporting_currency(home)
    for edition in EDITIONS:
        charts = folder / "charts" / edition.prefix
        charts.mkdir(parents=True, exist_ok=True)
        _write_yaml(charts / "meta.yml", _meta(edition, currency))
        for path in sorted(BOARDS.glob("*.yml")):
            if path.stem == "meta":
                continue
            board = edit(read_yaml(path), edition, words)
            if not path.stem.startswith("_"):
                board["rows"] = [
                    {"text": _navigation(path.stem, board, edition, words)},
                    *board["rows"],
                ]
            _write_yaml(charts / path.name, board)
        (charts / "glossary.md").write_text(
            _navigation("glossary", {}, edition, words) + "\n\n" + GLOSSARY.read_text("utf-8"),
            "utf-8",
        )
    write_source(home, folder)


def write_source(home: Home, folder: Path) -> bool:
    """Point the project at the current release.

    Returns:
        Whether the release is another than before.
    """
    config = folder / "dbt_charts.yml"
    content = yaml.safe_dump(
        {
            "sources": {"release": {"type": "duckdb", "path": str(release_file(home))}},
            "server": {"nav": False},
        }
    )
    if config.exists() and config.read_text("utf-8") == content:
        return False
    beside = config.with_suffix(".new")
    beside.write_text(content, "utf-8")
    os.replace(beside, config)
    return True


def reporting_currency(home: Home) -> str:
    """Return the ISO code that the home's amounts are reported in."""
    own = load_settings(home).reporting_currency
    project = read_yaml(PROJECT_DIR / "dbt_project.yml")
    return str(own or project["vars"]["reporting_currency"])


def _meta(edition: Edition, currency: str) -> dict[str, Any]:
    meta: dict[str, Any] = read_yaml(BOARDS / "meta.yml")
    locale, language = _LOCALES[edition.language]
    number = {
        "decimal": ".",
        "thousands": ",",
        "grouping": [3],
        "currency": [_SYMBOLS.get(currency, f"{currency} "), ""],
    }
    meta["regional"] = {"locale": {"number": number, "time": locale}, "language": language}
    if edition.is_phone:
        style = meta.setdefault("style", {})
        style["frame"] = {"width": _PHONE_WIDTH, "margin": 12}
        style.setdefault("charts", {})["title"] = {"overflow": "wrap-two"}
    return meta


def _navigation(
    page: str, board: Mapping[str, Any], edition: Edition, words: Mapping[str, str]
) -> str:
    """Return the line of links on top of a page, the page itself in bold; filters stay chosen."""

    def name(text: str) -> str:
        return words[text] if edition.language == "zh" else text

    existing = {*page_names(), "glossary"}
    links = [
        f"**{name(title)}**"
        if target == page
        else f"[{name(title)}](/{edition.prefix}{_path(target)})"
        for target, title in PAGES.items()
        if target in existing
    ]
    language, label = OTHER_LANGUAGE[edition.language]
    chosen = "&".join(
        f"{variable}={{{{ {variable} | urlencode }}}}" for variable in board.get("variables") or {}
    )
    query = f"?{chosen}" if chosen else ""
    other = Edition(language, edition.is_phone)
    links.append(f"[{label}](/{other.prefix}{_path(page)}{query})")
    return " · ".join(links)


def _path(page: str) -> str:
    return "" if page == "index" else page


def own_texts() -> list[str]:
    """Return the texts this module adds to the boards, for the list of translations."""
    return [*PAGES.values(), NOTHING, UNKNOWN]


def _write_yaml(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False), "utf-8")
