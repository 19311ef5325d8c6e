"""Write a Superset import bundle for the marts of a release.

    python bi/superset/bundle.py home/published/current/key_accounts.duckdb key_accounts.zip

Charts and dashboard are the YAML files beside this one. Datasets are made from the release, with
marts' own columns and descriptions. Identifiers follow from names, so that importing again updates.
"""

from __future__ import annotations

import sys
import uuid
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import yaml

HERE = Path(__file__).parent
DATABASE = "key_accounts"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "key-account-warehouse.superset")
_VERSION = "1.0.0"
_GRID_COLUMNS = 12
_TIME_TYPES = ("DATE", "TIMESTAMP")


def main() -> None:
    """Write the bundle; arguments are the release's DuckDB file and the zip to write."""
    if len(sys.argv) != 3:  # noqa: PLR2004 - the two the docstring names
        raise SystemExit(__doc__)
    # Not resolved: the path has to lead through `current`, or Superset would stay on one release.
    release, target = Path(sys.argv[1]).absolute(), Path(sys.argv[2])
    if not release.exists():
        raise SystemExit(f"There is no release {release}. Run `kaw run` first.")
    charts = {path.stem: _read(path) for path in sorted((HERE / "charts").glob("*.yaml"))}
    files = {
        "metadata.yaml": {
            "version": _VERSION,
            "type": "Dashboard",
            "timestamp": "2020-01-01T00:00:00+00:00",
        },
        f"databases/{DATABASE}.yaml": _database(release),
    }
    for mart in sorted({chart["mart"] for chart in charts.values()}):
        files[f"datasets/{DATABASE}/{mart}.yaml"] = _dataset(release, mart)
    for name, chart in charts.items():
        files[f"charts/{name}.yaml"] = _chart(name, chart)
    dashboard = _read(HERE / "dashboard.yaml")
    files[f"dashboards/{dashboard['slug']}.yaml"] = _dashboard(dashboard, charts)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
            archive.writestr(f"key_accounts/{name}", text)


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return content


def _id(kind: str, name: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{kind}/{name}"))


def _database(release: Path) -> dict[str, Any]:
    """Describe the connection: read-only, and one for each query, so that a new release is seen."""
    return {
        "database_name": DATABASE,
        "sqlalchemy_uri": f"duckdb:///{release}",
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "extra": {
            "engine_params": {"connect_args": {"read_only": True}},
            "metadata_params": {},
        },
        "uuid": _id("database", DATABASE),
        "version": _VERSION,
    }


def _dataset(release: Path, mart: str) -> dict[str, Any]:
    with duckdb.connect(str(release), read_only=True) as connection:
        columns = connection.execute(
            "select column_name, data_type, comment from duckdb_columns() where table_name = ? "
            "order by column_index",
            [mart],
        ).fetchall()
    return {
        "table_name": mart,
        "schema": "main",
        "main_dttm_col": "reporting_month",
        "metrics": [{"metric_name": "count", "expression": "count(*)"}],
        "columns": [
            {
                "column_name": name,
                "type": kind,
                "description": comment,
                "is_dttm": kind in _TIME_TYPES,
                "groupby": True,
                "filterable": True,
                "is_active": True,
            }
            for name, kind, comment in columns
        ],
        "uuid": _id("dataset", mart),
        "database_uuid": _id("database", DATABASE),
        "version": _VERSION,
    }


def _chart(name: str, chart: dict[str, Any]) -> dict[str, Any]:
    return {
        "slice_name": chart["slice_name"],
        "viz_type": chart["viz_type"],
        "params": {**chart["params"], "viz_type": chart["viz_type"]},
        "uuid": _id("chart", name),
        "dataset_uuid": _id("dataset", chart["mart"]),
        "version": _VERSION,
    }


def _dashboard(dashboard: dict[str, Any], charts: dict[str, Any]) -> dict[str, Any]:
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "children": [], "parents": ["ROOT_ID"]},
    }
    for number, row in enumerate(dashboard["rows"]):
        row_id = f"ROW-{number}"
        position["GRID_ID"]["children"].append(row_id)
        children = [f"CHART-{name}" for name in row["charts"]]
        position[row_id] = {
            "id": row_id,
            "type": "ROW",
            "children": children,
            "parents": ["ROOT_ID", "GRID_ID"],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for name in row["charts"]:
            position[f"CHART-{name}"] = {
                "id": f"CHART-{name}",
                "type": "CHART",
                "children": [],
                "parents": ["ROOT_ID", "GRID_ID", row_id],
                "meta": {
                    "chartId": 0,
                    "uuid": _id("chart", name),
                    "sliceName": charts[name]["slice_name"],
                    "width": _GRID_COLUMNS // len(children),
                    "height": row["height"],
                },
            }
    return {
        "dashboard_title": dashboard["title"],
        "slug": dashboard["slug"],
        "uuid": _id("dashboard", dashboard["slug"]),
        "position": position,
        "metadata": {},
        "published": True,
        "version": _VERSION,
    }


if __name__ == "__main__":
    main()
