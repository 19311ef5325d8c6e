"""MetricFlow's engine over the release that readers see.

dbt writes the semantic manifest beside its other artifacts when a run builds the marts; it names
tables where the pipeline builds them. A release holds the same tables without that schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from metricflow.engine.metricflow_engine import MetricFlowEngine
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from orchestration.errors import UsageError
from orchestration.home import Home
from orchestration.semantic.client import ReleaseClient

MANIFEST = "semantic_manifest.json"
RELEASE_SCHEMA = "main"


def rename_tables(manifest: Any) -> Any:
    """Return a semantic manifest whose tables are those of a release.

    Args:
        manifest: Content of dbt's semantic_manifest.json, or any part of it.
    """
    if isinstance(manifest, list):
        return [rename_tables(part) for part in manifest]
    if not isinstance(manifest, dict):
        return manifest
    renamed = {key: rename_tables(part) for key, part in manifest.items()}
    if relation := renamed.get("node_relation"):
        alias = relation["alias"]
        renamed["node_relation"] = relation | {
            "database": None,
            "schema_name": RELEASE_SCHEMA,
            "relation_name": f'"{RELEASE_SCHEMA}"."{alias}"',
        }
    return renamed


@dataclass(frozen=True)
class Release:
    """A release to ask metrics of.

    Attributes:
        engine: MetricFlow's engine over it, which writes the statements.
        client: The connection they run on.
    """

    engine: MetricFlowEngine
    client: ReleaseClient


@contextmanager
def open_release(home: Home) -> Iterator[Release]:
    """Open the current release of a home.

    Args:
        home: Home with a published release.

    Yields:
        The release; a later one is seen by who opens again.

    Raises:
        UsageError: The home has no release, or no semantic manifest of the run that built it.
    """
    path = home.dbt_target / MANIFEST
    if not home.current_release.exists() or not path.exists():
        raise UsageError(
            f"{home.root} has no release that metrics could be asked of."
            f" Publish one first: kaw run --home {home.root}"
        )
    content = json.dumps(rename_tables(json.loads(path.read_text("utf-8"))))
    client = ReleaseClient(home.current_release)
    try:
        manifest = SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(content))
        yield Release(MetricFlowEngine(manifest, client), client)
    finally:
        client.close()
