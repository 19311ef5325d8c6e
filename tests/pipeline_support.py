"""What the tests of the whole pipeline share: the command line, homes and what readers see."""

import hashlib
import os
import shutil
from pathlib import Path

import duckdb
from click.testing import CliRunner, Result
from shared_parse import share_parse

from orchestration.cli import main
from orchestration.dbt.arguments import build_environment
from orchestration.home import Home
from orchestration.settings import Settings

LAST_MONTH = "2025-12"
SAMPLE = ["--scale", "0.02", "--months", "14"]


def kaw(*arguments: object) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def copy_home(home: Path, target: Path) -> Path:
    """Copy a home, links kept (`published/current` is one), so that dbt need not parse anew."""
    shutil.copytree(home, target, symlinks=True)
    copied = Home.at(target)
    share_parse(copied.dbt_target, os.environ | build_environment(copied, Settings()))
    return target


def last_file(home: Path, table: str) -> Path:
    """Return the last month's file of a ledger table."""
    return next((home / "extracts" / "ledger" / table).glob(f"{LAST_MONTH}*.csv.gz"))


def release_contents(home: Path) -> dict[str, str]:
    """Return, by mart, a hash of the rows that readers see now, whatever their order."""
    contents = {}
    path = home / "published" / "current" / "key_accounts.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() order by 1"
        ).fetchall():
            rows = connection.execute(f'select t::varchar from "{name}" as t').fetchall()
            text = "\n".join(sorted(row[0] for row in rows))
            contents[name] = hashlib.sha256(text.encode()).hexdigest()
    return contents


def release_files(home: Path) -> dict[str, str]:
    """Return the hash of every file below `published/current`, by relative name."""
    current = (home / "published" / "current").resolve()
    return {
        str(path.relative_to(current.parent)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(current.rglob("*"))
        if path.is_file()
    }
