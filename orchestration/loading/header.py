"""Checks a file's columns against its feed, before anything is loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from orchestration.loading.mapping import Feed, Target, nearest


@dataclass(frozen=True)
class FileColumn:
    """A column of a file: its name there and its DuckDB type in the reader, lower case."""

    name: str
    native: str = "varchar"


def check_header(feed: Feed, names: list[str], label: str) -> list[str]:
    """Return everything wrong with a file's columns, each as one message.

    Args:
        feed: The feed the file belongs to.
        names: The file's column names, in order.
        label: The file's name for messages.
    """
    problems = _malformed(names, label)
    present = set(names)
    wanted: set[str] = set()
    for target in feed.targets:
        for column in target.table.columns:
            rule = target.columns.get(column.name)
            if rule is None:
                if not feed.is_flat and column.name in present:
                    wanted.add(column.name)
                elif not feed.is_flat and column.required:
                    problems.append(_missing(column.name, feed, target, names=names, label=label))
                continue
            if rule.from_ is not None:
                wanted.add(rule.from_)
                if rule.from_ not in present and not (rule.optional and not column.required):
                    problems.append(
                        _missing(
                            rule.from_, feed, target, names=names, label=label, column=column.name
                        )
                    )
    for name in feed.settings.types:
        wanted.add(name)
        if name not in present:
            problems.append(
                f"{label}: column {name}, which the mapping gives a type, is missing."
                f"{nearest(name, names)} Add it to the file or correct `types`."
            )
    ignored = set(feed.settings.ignore_columns)
    if "*" in ignored:
        return problems
    used = _expressions(feed)
    unknown = [
        name
        for name in names
        if name and name not in wanted | ignored and not _mentions(used, name)
    ]
    for name in unknown:
        known = [column for target in feed.targets for column in target.table.column_names]
        problems.append(
            f"{label}: column {name} is not known to the mapping.{nearest(name, known)} Map it to "
            "a contract column, or list it under `ignore_columns`."
        )
    return problems


def absent_columns(feed: Feed, names: list[str]) -> list[str]:
    """Return the contract columns a file of one table lacks and that load as empty."""
    if feed.is_flat:
        return []
    target = feed.targets[0]
    return [
        column.name
        for column in target.table.columns
        if column.name not in target.columns and column.name not in names
    ]


def _malformed(names: list[str], label: str) -> list[str]:
    problems = []
    blank = [str(index + 1) for index, name in enumerate(names) if not name]
    if blank:
        problems.append(
            f"{label}: the header has no name in column {', '.join(blank)}. Name every column; a "
            "merged cell or a title above the header (`skip_rows`) may be the reason."
        )
    seen: set[str] = set()
    for name in names:
        if name and name.lower() in seen:
            problems.append(f"{label}: the header names {name} twice. Rename one of them.")
        seen.add(name.lower())
    return problems


def _missing(
    name: str,
    feed: Feed,
    target: Target,
    *,
    names: list[str],
    label: str,
    column: str | None = None,
) -> str:
    taken = {rule.from_ for rule in target.columns.values()} | set(target.table.column_names)
    spare = [entry for entry in names if entry and entry not in taken]
    hint = nearest(name, spare or names)
    found = "" if hint else f" Columns found: {', '.join(filter(None, names)) or 'none'}."
    wanted = f" (for {target.table.label}.{column})" if column and column != name else ""
    advice = (
        "Export it, or correct `from` in the mapping."
        if column
        else f"Export it, or map its column under tables.{target.table.label}.columns."
    )
    if len(names) == 1:
        advice += f" The header was read as one column: is the delimiter {feed.format.delimiter!r}?"
    return f"{label}: required column {name}{wanted} is missing.{hint}{found} {advice}"


def _expressions(feed: Feed) -> str:
    parts = [getattr(feed.settings, "latest_by", None) or ""]
    for target in feed.targets:
        parts += [entry.when for entry in target.negate]
        for rule in target.columns.values():
            parts += [rule.expression or "", rule.fallback or ""]
    return "\n".join(parts)


def _mentions(expressions: str, name: str) -> bool:
    if '"' + name.replace('"', '""') + '"' in expressions:
        return True
    return re.search(rf"(?<![\w\"]){re.escape(name)}(?![\w\"])", expressions) is not None
