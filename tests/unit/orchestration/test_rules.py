import copy

import pytest

from orchestration.dbt.rules import changed_rules, incremental_rules, remember_rules
from orchestration.home import Home


def node(name, code, *upstream, materialized="view", macros=()):
    return {
        "name": name,
        "resource_type": "model" if code else "seed",
        "package_name": "ours",
        "raw_code": code,
        "checksum": {"checksum": f"sum of {name}"},
        "config": {"materialized": materialized},
        "depends_on": {"nodes": list(upstream), "macros": list(macros)},
    }


@pytest.fixture
def manifest():
    return {
        "nodes": {
            "seed.classes": node("classes", ""),
            "model.stage": node("stage", "select 1", "seed.classes", macros=["macro.a"]),
            "model.lines": node("lines", "select 2", "model.stage", materialized="incremental"),
            "model.days": node("days", "select 3", "model.lines", materialized="incremental"),
            "model.mart": node("mart", "select 4", "model.days", materialized="table"),
        },
        "macros": {
            "macro.a": {
                "package_name": "ours",
                "macro_sql": "a",
                "depends_on": {"macros": ["macro.b"]},
            },
            "macro.b": {"package_name": "ours", "macro_sql": "b", "depends_on": {"macros": []}},
        },
    }


@pytest.fixture
def home(tmp_path):
    home = Home.at(tmp_path / "home")
    home.prepare()
    home.dbt_target.mkdir(parents=True, exist_ok=True)
    home.warehouse.touch()
    return home


def changed_by(manifest, home, change):
    remember_rules(home, incremental_rules(manifest))
    later = copy.deepcopy(manifest)
    change(later)
    return changed_rules(home, incremental_rules(later))


def test_nothing_changed(manifest, home):
    assert changed_by(manifest, home, lambda _: None) == []


@pytest.mark.parametrize(
    ("key", "field", "expected"),
    [
        ("model.lines", "raw_code", ["days", "lines"]),
        ("model.days", "raw_code", ["days"]),
        ("model.stage", "raw_code", ["days", "lines"]),
        ("model.mart", "raw_code", []),
        ("seed.classes", "checksum", ["days", "lines"]),
        ("macro.b", "macro_sql", ["days", "lines"]),
    ],
)
def test_a_change_names_the_models_that_stand_on_it(manifest, home, key, field, expected):
    def change(later):
        later["macros" if key.startswith("macro") else "nodes"][key][field] = (
            {"checksum": "new"} if field == "checksum" else "new"
        )

    assert changed_by(manifest, home, change) == expected


def test_a_new_model_has_no_old_months(manifest, home):
    def change(later):
        later["nodes"]["model.new"] = node("new", "select 5", materialized="incremental")

    assert changed_by(manifest, home, change) == []


def test_a_warehouse_without_its_book_is_rebuilt(manifest, home):
    assert changed_rules(home, incremental_rules(manifest)) == ["days", "lines"]
    home.warehouse.unlink()
    assert changed_rules(home, incremental_rules(manifest)) == []
