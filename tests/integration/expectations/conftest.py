"""Fixtures: a clean warehouse, and a bench where one thing at a time is broken and mended again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from expectations_bench import Bench, build_clean


@pytest.fixture(scope="session")
def clean_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read-only by agreement: tests that write build or copy their own."""
    return build_clean(tmp_path_factory.mktemp("clean") / "key_accounts.duckdb")


@pytest.fixture(scope="session")
def bench(clean_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    standing = Bench(Path(shutil.copy2(clean_warehouse, tmp_path_factory.mktemp("bench"))))
    yield standing
    standing.close()
