"""Charts for Superset ask for what the marts have, over a connection that cannot write."""

import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import pytest
import yaml

SUPERSET = Path(__file__).resolve().parents[3] / "bi" / "superset"
CHARTS = sorted((SUPERSET / "charts").glob("*.yaml"))


def make_bundle(release, target):
    done = subprocess.run(
        [sys.executable, str(SUPERSET / "bundle.py"), str(release), str(target)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(target) as archive:
        return {name: yaml.safe_load(archive.read(name)) for name in archive.namelist()}


@pytest.fixture
def release(published_home):
    return published_home / "published" / "current" / "key_accounts.duckdb"


def test_the_bundle_follows_releases_and_cannot_write(release, tmp_path):
    files = make_bundle(release, tmp_path / "one.zip")
    database = files["key_accounts/databases/key_accounts.yaml"]
    assert database["sqlalchemy_uri"].endswith("/published/current/key_accounts.duckdb")
    assert database["extra"]["engine_params"]["connect_args"] == {"read_only": True}
    assert not database["allow_dml"]
    assert files == make_bundle(release, tmp_path / "two.zip")


def test_every_chart_stands_on_the_dashboard(release, tmp_path):
    files = make_bundle(release, tmp_path / "one.zip")
    charts = {file["uuid"] for name, file in files.items() if "/charts/" in name}
    position = files["key_accounts/dashboards/key-accounts.yaml"]["position"]
    placed = {item["meta"]["uuid"] for name, item in position.items() if name.startswith("CHART-")}
    assert len(charts) == len(CHARTS)
    assert placed == charts


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: path.stem)
def test_what_a_chart_asks_is_answered_with_rows(release, path):
    chart = yaml.safe_load(path.read_text("utf-8"))
    params = chart["params"]
    groups = [params["x_axis"], *params.get("groupby", [])] if "x_axis" in params else []
    columns = params.get("all_columns", groups)
    metrics = [metric["sqlExpression"] for metric in params.get("metrics", [])]
    filters = [condition["sqlExpression"] for condition in params.get("adhoc_filters", [])]
    query = f"select {', '.join([*columns, *metrics])} from {chart['mart']}"
    query += f" where {' and '.join(filters)}" if filters else ""
    query += f" group by {', '.join(groups)}" if groups else ""
    with duckdb.connect(str(release), read_only=True) as connection:
        assert connection.execute(query).fetchone()


def test_without_a_release_it_says_what_to_do(tmp_path):
    done = subprocess.run(
        [sys.executable, str(SUPERSET / "bundle.py"), str(tmp_path / "none.duckdb"), "x.zip"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Run `kaw run` first" in done.stderr
