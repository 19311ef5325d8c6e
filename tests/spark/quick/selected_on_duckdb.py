"""A part of the marts on DuckDB, without the rest of a run: for a comparison that has no time."""

import json
import os
import subprocess
import sys

import duckdb

from orchestration.dbt.arguments import build_arguments, build_environment
from orchestration.home import PROJECT_DIR
from orchestration.loading import load_contract, load_extracts, load_mapping
from orchestration.publishing.marts import read_catalog
from orchestration.settings import load_settings


def build_selected(home, selection):
    """Load a home's extracts and build a selection of models; return the marts built, by name."""
    mapping = load_mapping(home.extracts / "mapping.yml")
    with duckdb.connect(str(home.warehouse)) as connection:
        load_extracts(connection, home.extracts, mapping, load_contract())
    done = subprocess.run(
        [
            *(sys.executable, "-m", "orchestration.dbt.process"),
            *build_arguments("build", variables={}),
            *("--quiet", "--exclude-resource-type", "test", "--select", *selection),
        ],
        cwd=PROJECT_DIR,
        env=os.environ | build_environment(home, load_settings(home)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return _marts(home)


def _marts(home):
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        ).fetchall()
        built = {name for (name,) in tables}
        manifest = json.loads((home.dbt_target / "manifest.json").read_text("utf-8"))
        # The catalog takes a mart of the project that is absent for an error.
        manifest["nodes"] = {
            key: node
            for key, node in manifest["nodes"].items()
            if node["schema"] != "marts" or node["name"] in built
        }
        part = home.dbt_target / "built_manifest.json"
        part.write_text(json.dumps(manifest), "utf-8")
        database = home.warehouse.stem
        return read_catalog(connection, database, "marts", part).marts
