"""The whole pipeline as Dagster definitions: built elsewhere, put together here."""

import os
from collections.abc import Mapping
from typing import Any

import dagster as dg

from expectations.registry import door_checks, window_checks
from orchestration import checks, jobs, schedules, sensors
from orchestration.assets import raw, release, warehouse
from orchestration.dbt.manifest import prepare_manifest
from orchestration.dbt.translator import mart_keys
from orchestration.home import DEFAULT_HOME, Home
from orchestration.loading.contract import load_contract
from orchestration.resources import build_resources
from orchestration.settings import load_settings


def build_defs(home: Home, overrides: Mapping[str, Any] | None = None) -> dg.Definitions:
    """Return the definitions of a home's pipeline.

    Args:
        home: The home; it is prepared, and its dbt manifest brought up to date.
        overrides: Resources that take the place of the usual ones, by name.
    """
    settings, contract = load_settings(home.prepare()), load_contract()
    manifest = prepare_manifest(home, settings)
    raw_tables, models = raw.build_raw_assets(contract), warehouse.build_warehouse_assets(manifest)
    marts = mart_keys(manifest)
    door = checks.build_suite_checks(checks.DOOR, door_checks(), raw_tables.keys)
    window = checks.build_suite_checks(checks.WINDOW, window_checks(), marts)
    all_jobs = jobs.build_jobs(str(home.root), settings)
    published = release.build_published_assets(marts)
    return dg.Definitions(
        assets=[*raw.extract_specs(contract), raw_tables, models, *published],
        asset_checks=[check for check in (door, window) if check is not None],
        jobs=all_jobs,
        schedules=[schedules.build_schedule(all_jobs[-1], settings)],
        sensors=[sensors.build_sensor(all_jobs[0], home, settings)],
        resources={**build_resources(home), **(overrides or {})},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Return the pipeline of the home that KAW_HOME names."""
    return build_defs(Home.at(os.environ.get("KAW_HOME", DEFAULT_HOME)))
