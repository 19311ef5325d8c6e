"""A table is replaced as a whole or not at all, whatever stood in its place.

A project of one model with the project's own materialization, so that a build takes seconds.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[3]
PROJECT = """\
name: replaced
config-version: 2
profile: replaced
models: {+materialized: table}
"""
PROFILE = """\
replaced:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: "warehouse.duckdb", threads: 1}
"""
CONTRACT = """\
models:
  - name: model
    config: {contract: {enforced: true}}
    columns: [{name: number, data_type: int}]
"""
# Reads rows before it fails: what it has written by then must go as well.
BROKEN = "select if(range < 5000, 3, error('no')) as number from range(10000)"


class Project:
    """A dbt project of one model."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("models", "macros"):
            (folder / name).mkdir()
        shutil.copy2(ROOT / "macros" / "materialization_table.sql", folder / "macros")
        (folder / "dbt_project.yml").write_text(PROJECT, "utf-8")
        (folder / "profiles.yml").write_text(PROFILE, "utf-8")

    def build(self, query: str) -> bool:
        """Build the model from a query and say whether that succeeded."""
        (self.folder / "models" / "model.sql").write_text(query, "utf-8")
        command = [sys.executable, "-m", "orchestration.dbt.process", "--quiet", "run"]
        return self._run(command).returncode == 0

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Ask the warehouse."""
        with duckdb.connect(str(self.folder / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "DBT_PROFILES_DIR": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def test_a_failed_build_leaves_the_table_before(project):
    assert project.build("select 1 as number")
    assert not project.build(BROKEN)
    assert project.ask("select number from model") == [(1,)]


def test_nothing_stays_beside_the_table_and_a_view_gives_way(project):
    assert project.build("{{ config(materialized='view') }} select 1 as number")
    assert project.build("select 2 as number")
    tables = "select table_name, table_type from information_schema.tables"
    assert project.ask(tables) == [("model", "BASE TABLE")]
    assert project.ask("select number from model") == [(2,)]


def test_the_contract_still_holds(project):
    (project.folder / "models" / "model.yml").write_text(CONTRACT, "utf-8")
    assert project.build("select 1 as number")
    assert not project.build("select 'one' as number")
    assert project.ask("select number from model") == [(1,)]
