"""A published folder and a way to publish a synthetic warehouse into it."""

from pathlib import Path

import pytest
from synthetic_warehouse import build_warehouse, write_dbt_manifest

from orchestration.publishing import publish


class Shop:
    """A warehouse, its dbt manifest and the folder it is published to."""

    def __init__(self, folder: Path) -> None:
        self.published = folder / "published"
        self.warehouse = folder / "warehouse" / "key_accounts.duckdb"
        self.dbt_manifest = folder / "manifest.json"
        folder.mkdir(exist_ok=True)
        write_dbt_manifest(self.dbt_manifest)

    def publish(
        self, *, run_id="run", extra=None, retain=12, allow_breaking=(), erasures=None, **warehouse
    ):
        build_warehouse(self.warehouse, **warehouse)
        return self.publish_again(
            run_id=run_id,
            extra=extra,
            retain=retain,
            allow_breaking=allow_breaking,
            erasures=erasures,
        )

    def publish_again(
        self, *, run_id="run", extra=None, retain=12, allow_breaking=(), threads=2, erasures=None
    ):
        return publish(
            self.published,
            self.warehouse,
            run_id=run_id,
            manifest_extra=extra or {},
            retain=retain,
            memory_limit="1GB",
            threads=threads,
            dbt_manifest=self.dbt_manifest,
            allow_breaking=allow_breaking,
            erasures=erasures,
        )

    @property
    def builds(self):
        return sorted(path.name for path in (self.published / "builds").iterdir())


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


@pytest.fixture
def other_shop(tmp_path):
    return Shop(tmp_path / "other")


@pytest.fixture
def keep_everything(monkeypatch):
    """Build upon the last release's DuckDB file however small it is."""
    monkeypatch.setattr("orchestration.publishing.writer.MIN_ROWS_KEPT", 0)
