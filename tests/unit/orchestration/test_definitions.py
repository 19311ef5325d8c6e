"""The whole asset graph, against a snapshot.

A change of the graph shows up here as a diff one can read. Where it is meant, write the new one
with `KAW_UPDATE_SNAPSHOT=1 pytest tests/unit/orchestration/test_definitions.py` and commit it.
"""

import json
import os
from pathlib import Path

import pytest

from orchestration import definitions as definitions_module
from orchestration.definitions import build_defs
from orchestration.loading.contract import load_contract
from orchestration.resources import Loader

SNAPSHOT = Path(__file__).with_name("asset_graph.json")
RELEASE = "published/release"

pytestmark = pytest.mark.xdist_group("definitions")


@pytest.fixture(scope="module")
def graph(definitions):
    asset_graph = definitions.resolve_asset_graph()
    nodes = {}
    for key in sorted(asset_graph.get_all_asset_keys(), key=lambda key: key.to_user_string()):
        node = asset_graph.get(key)
        checks = {
            check.name: asset_graph.get_check_spec(check).blocking
            for check in sorted(node.check_keys, key=lambda check: check.name)
        }
        nodes[key.to_user_string()] = {
            "group": node.group_name,
            "deps": sorted(parent.to_user_string() for parent in node.parent_keys),
            "blocking_checks": [name for name, blocking in checks.items() if blocking],
            "other_checks": [name for name, blocking in checks.items() if not blocking],
        }
    return nodes


def test_graph_equals_the_snapshot(graph):
    if os.environ.get("KAW_UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text(json.dumps(graph, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert graph == json.loads(SNAPSHOT.read_text("utf-8"))


def test_release_waits_for_every_mart_and_nothing_else(graph):
    marts = [key for key in graph if key.startswith("marts/")]
    assert len(marts) > 10
    assert graph[RELEASE]["deps"] == marts


def test_every_mart_is_checked_at_the_window_before_it_is_published(graph):
    unchecked = [
        key
        for key, node in graph.items()
        if key.startswith("marts/") and "window" not in node["blocking_checks"]
    ]
    assert unchecked == []


def test_every_contract_table_is_checked_at_the_door(graph):
    for source, table in load_contract().tables:
        assert "door" in graph[f"{source}/{table}"]["blocking_checks"], (source, table)


def test_staging_reads_nothing_that_the_door_has_not_seen(graph):
    loaded = {key for key in graph if key.split("/")[0] in ("ledger", "crm", "loader")}
    for key, node in graph.items():
        if key.startswith("staging/"):
            raw = [dep for dep in node["deps"] if not dep.startswith(("staging/", "seeds/"))]
            assert set(raw) <= loaded, key


def test_nothing_is_cut_off_from_the_extracts(graph):
    reached = {key for key in graph if key.startswith("extracts/")}
    grows = True
    while grows:
        new = {key for key, node in graph.items() if set(node["deps"]) & reached} - reached
        reached |= new
        grows = bool(new)
    assert RELEASE in reached
    assert {key for key in graph if key.startswith(("ledger/", "crm/"))} <= reached


def test_every_step_that_opens_the_warehouse_is_in_the_writers_pool(definitions):
    job = definitions.resolve_job_def("refresh")
    pools = {node.name: node.definition.pool for node in job.graph.node_dict.values()}
    # The report reads what is published, as any reader does.
    assert pools.pop("published__report") is None
    assert set(pools) == {
        "load_extracts",
        "check_door",
        "build_models",
        "check_window",
        "published__release",
    }
    assert set(pools.values()) == {"warehouse"}


def test_jobs_run_in_one_process(definitions):
    for name in ("refresh", "full_refresh", "monthly"):
        assert definitions.resolve_job_def(name).executor_def.name == "in_process"


def test_definitions_module_stays_short():
    lines = Path(definitions_module.__file__).read_text("utf-8").splitlines()
    assert len(lines) < 50


def test_a_part_can_be_swapped(parsed_home):
    class Other(Loader):
        pass

    definitions = build_defs(parsed_home, {"loader": Other()})
    assert isinstance(definitions.resources["loader"], Other)
