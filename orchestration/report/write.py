"""Writes the report to a file, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.errors import PipelineError
from orchestration.home import Home
from orchestration.report.page import render
from orchestration.report.reader import Reader, choose_month, open_release
from orchestration.report.words import LANGUAGES


class ReportError(PipelineError):
    """The report could not be written; the release it reads is as it was."""


def write_report(
    home: Home, month: str | None = None, language: str = "en", output: Path | None = None
) -> Path:
    """Write the report of a month from the release readers see.

    Args:
        home: Home with a published release.
        month: Month as YYYY-MM; None takes the last closed one.
        language: en or zh.
        output: File to write; None takes one of the home's reports.

    Returns:
        The file.

    Raises:
        UsageError: There is no release, or it does not hold the month.
        ReportError: The release cannot be read or the file cannot be written.
    """
    with _reasoned(home), open_release(home.published) as reader:
        return _write(home, reader, month, language, output)


def write_reports(home: Home) -> list[Path]:
    """Write the report of the last closed month in every language; errors as for one report."""
    with _reasoned(home), open_release(home.published) as reader:
        return [_write(home, reader, None, language, None) for language in LANGUAGES]


@contextmanager
def _reasoned(home: Home) -> Iterator[None]:
    """Turn what a database or a file system says into a reason one can act on."""
    try:
        yield
    except (duckdb.Error, OSError, ValueError) as error:
        raise ReportError(
            f"The report of {home.root} could not be written: {error}. The release is as it was;"
            " mend what is named and run `kaw report` again."
        ) from error


def _write(
    home: Home, reader: Reader, month: str | None, language: str, output: Path | None
) -> Path:
    row = choose_month(reader, month)
    name = f"{row['reporting_month']:%Y-%m}" if row else "no-month"
    target = output or home.reports / f"failure-analysis-{name}.{language}.html"
    page = render(reader, row, language)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    try:
        partial.write_text(page, "utf-8")
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return target
