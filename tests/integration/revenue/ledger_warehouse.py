"""A small ledger written as contract extracts, loaded and built delivery by delivery."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import duckdb
from shared_parse import share_parse

from orchestration.loading import load_contract, load_extracts, load_mapping

ROOT = Path(__file__).resolve().parents[3]


class Warehouse:
    """One warehouse file that deliveries are loaded into and dbt models built in."""

    def __init__(self, folder: Path, target: Path) -> None:
        self.path = folder / "key_accounts.duckdb"
        self.extracts = folder / "extracts"
        self.target = target
        self.extracts.mkdir(parents=True)

    def copy(self, folder: Path) -> "Warehouse":
        """The same warehouse in another folder, to go on from."""
        other = Warehouse(folder, self.target)
        shutil.copytree(self.extracts, other.extracts, dirs_exist_ok=True)
        shutil.copyfile(self.path, other.path)
        return other

    def deliver(self, source: Path, names: Iterable[str], mapping: str = "contract") -> None:
        """Put files into the extracts folder and load what is there."""
        for name in names:
            goal = self.extracts / name
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, goal)
        with duckdb.connect(str(self.path)) as connection:
            load_extracts(connection, self.extracts, load_mapping(mapping), load_contract())

    def dbt(self, command: str, *arguments: str) -> None:
        """Run dbt on the warehouse; fails the test with dbt's own words."""
        environment = os.environ | {
            "KAW_WAREHOUSE": str(self.path),
            "KAW_TEMP_DIRECTORY": str(self.path.parent / "tmp"),
            "DBT_PROFILES_DIR": str(ROOT),
        }
        share_parse(self.target, environment)
        done = subprocess.run(
            [
                str(Path(sys.executable).with_name("dbt")), "--quiet", command,
                "--target-path", str(self.target), "--log-path", str(self.path.parent / "logs"),
                *arguments,
            ],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    def rows(self, query: str) -> list[tuple]:
        """Run a query on the closed warehouse."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.execute(query).fetchall()
