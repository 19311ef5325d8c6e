"""Whether incremental models still follow the rules they were built by.

An incremental model keeps the months it built before. Where its own SQL, or that of a model, seed
or macro it stands on, has changed since, those months follow the old rules and must be built anew;
dbt itself only asks whether the table exists.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from orchestration.home import Home

_BOOK = "incremental_rules.json"
_CONFIGS = ("materialized", "incremental_strategy", "unique_key", "pre-hook", "post-hook")


def incremental_rules(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return, by incremental model, a hash of everything that decides its rows but the data.

    Args:
        manifest: dbt manifest, with `nodes` and `macros`.

    Returns:
        SHA-256 by model name.
    """
    rules = {}
    for key, node in manifest["nodes"].items():
        if node["resource_type"] == "model" and node["config"]["materialized"] == "incremental":
            parts = sorted(_node_rules(manifest, key, {}).values())
            rules[node["name"]] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return dict(sorted(rules.items()))


def known_rules(home: Home) -> dict[str, str] | None:
    """Return the rules that a home's incremental models were built by, None if nobody knows.

    Args:
        home: The home.

    Returns:
        SHA-256 by model name, as `remember_rules` wrote them down.
    """
    try:
        known: dict[str, str] = json.loads(_book(home).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return known


def built_whole(manifest: Mapping[str, Any], built: Collection[str]) -> list[str]:
    """Return the incremental models that a build of a part built with all they stand on.

    Args:
        manifest: dbt manifest, with `nodes` and `macros`.
        built: Unique ids of what was built.

    Returns:
        Names, sorted: the models that follow today's rules, whatever was there before.
    """
    nodes = manifest["nodes"]
    return sorted(
        nodes[key]["name"]
        for key in built
        if key in nodes
        and nodes[key]["resource_type"] == "model"
        and nodes[key]["config"]["materialized"] == "incremental"
        and {name for name in _node_rules(manifest, key, {}) if name in nodes} <= set(built)
    )


def changed_rules(home: Home, rules: Mapping[str, str]) -> list[str]:
    """Return the incremental models whose months on disk follow other rules than today's.

    Args:
        home: The home.
        rules: Today's rules.

    Returns:
        Names, sorted. A model built for the first time is not among them; every model is where the
        home has a warehouse and no book of rules.
    """
    known = known_rules(home)
    if known is None:
        return sorted(rules) if home.warehouse.exists() else []
    return sorted(name for name, rule in rules.items() if known.get(name, rule) != rule)


def remember_rules(home: Home, rules: Mapping[str, str]) -> None:
    """Write down the rules that the warehouse now follows. Call it after a build that succeeded."""
    book = _book(home)
    book.parent.mkdir(parents=True, exist_ok=True)
    partial = book.with_suffix(".partial")
    partial.write_text(json.dumps(dict(rules), indent=0), "utf-8")
    partial.replace(book)


def forget_rules(home: Home) -> None:
    """Make the next build start from nothing, whether it comes now or after a crash."""
    _book(home).unlink(missing_ok=True)


def _book(home: Home) -> Path:
    return home.dbt_target.parent / _BOOK


def _node_rules(manifest: Mapping[str, Any], key: str, seen: dict[str, str]) -> dict[str, str]:
    """Collect the rules of a node and of all it stands on, by unique id."""
    node = manifest["nodes"].get(key)
    if node is None or key in seen:
        return seen
    config = {name: node["config"].get(name) for name in _CONFIGS}
    # A seed has no code; its checksum stands for its rows.
    text = node.get("raw_code") or node["checksum"]["checksum"]
    seen[key] = f"{key}\0{text}\0{json.dumps(config, sort_keys=True, default=str)}"
    _macro_rules(manifest, node, node["package_name"], seen)
    for upstream in node["depends_on"].get("nodes", []):
        _node_rules(manifest, upstream, seen)
    return seen


def _macro_rules(
    manifest: Mapping[str, Any], owner: Mapping[str, Any], package: str, seen: dict[str, str]
) -> None:
    for key in owner["depends_on"].get("macros", []):
        macro = manifest["macros"].get(key)
        # dbt's own macros change with its version, which the lock file pins.
        if macro is None or macro["package_name"] != package or key in seen:
            continue
        seen[key] = f"{key}\0{macro['macro_sql']}"
        _macro_rules(manifest, macro, package, seen)
