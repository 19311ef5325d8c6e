"""The Great Expectations context: suites in code, results and pages on disk, nothing sent out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations as gx
from great_expectations.data_context.types.base import (
    DataContextConfig,
    FilesystemStoreBackendDefaults,
    ProgressBarsConfig,
)

from expectations import dialect
from expectations.settings import Settings

SITE = "checks"
RESULTS_FOLDER = "results"
IN_MEMORY = ("expectations_store", "validation_definition_store", "checkpoint_store")


def open_context(state: Path) -> Any:
    """Make a context whose suites live in memory.

    Args:
        state: Folder for validation results and Data Docs; made if it is missing.

    Returns:
        An ephemeral context with one Data Docs site, whose index is `state/index.html`.
    """
    state.mkdir(parents=True, exist_ok=True)
    defaults = FilesystemStoreBackendDefaults(root_directory=str(state))
    stores: dict[str, Any] = defaults.stores
    for store in IN_MEMORY:
        stores[store]["store_backend"] = {"class_name": "InMemoryStoreBackend"}
    stores["validation_results_store"]["store_backend"]["base_directory"] = str(
        state / RESULTS_FOLDER
    )
    config = DataContextConfig(
        store_backend_defaults=defaults,
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        data_docs_sites={
            SITE: {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": {
                    "class_name": "TupleFilesystemStoreBackend",
                    "base_directory": str(state),
                },
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
                # Suites are code; a page per result says all there is to say.
                "site_section_builders": {"expectations": "None", "profiling": "None"},
            }
        },
    )
    return gx.get_context(project_config=config, mode="ephemeral")


def suite(name: str, expectations: Sequence[Any]) -> Any:
    """Make a suite that belongs to no context yet.

    Args:
        name: Name of the suite, `schema.table`.
        expectations: Its expectations.

    Returns:
        The suite.
    """
    return gx.ExpectationSuite(name=name, expectations=list(expectations))


@contextmanager
def warehouse(context: Any, database: Path, settings: Settings) -> Iterator[Any]:
    """Open the warehouse file read-only as a data source, and let go of it entirely afterwards.

    Args:
        context: Context of `open_context`.
        database: Warehouse file.
        settings: Threads and memory of the connection.

    Yields:
        The data source.
    """
    dialect.register()
    source = context.data_sources.add_or_update_sql(
        "warehouse",
        connection_string=f"{dialect.URL_SCHEME}:///{database}",
        kwargs={
            **dialect.ENGINE_ARGUMENTS,
            "connect_args": {"config": settings.connection_config},
        },
    )
    try:
        yield source
    finally:
        # Two engines per source. While either holds the file, this process cannot write to it.
        source.get_execution_engine().close()
        source.get_engine().dispose()
