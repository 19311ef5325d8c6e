"""What the assets work with: the run's circumstances, dbt, and the three parts they call.

Each part is a resource of its own, so a test or a deployment can put another in its place. The
parts' own work (reading files, checking rows, publishing) does not belong here.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DbtCliResource
from dbt.version import __version__ as dbt_version
from packaging.version import Version
from pydantic import PrivateAttr

from orchestration.dbt.arguments import build_environment
from orchestration.dbt.rules import forget_rules
from orchestration.home import PROJECT_DIR, Home
from orchestration.mappings_lookup import find_mapping
from orchestration.runs.history_repair import close_dead_runs
from orchestration.runs.lock import writer_lock
from orchestration.runs.record import Listener, RunRecord, current_observer
from orchestration.settings import Settings, load_settings


class Pipeline(dg.ConfigurableResource):
    """The circumstances of one run: whose home, which extracts, which month.

    While a run lasts it holds the writer's lock and keeps the run's record.

    Attributes:
        home: Home folder.
        extracts: Extracts folder; None takes the home's.
        mapping: Mapping file or name; None takes the extracts' own, else the contract's.
        as_of: Month reported, YYYY-MM; None leaves it to the data.
        as_known: Leave out what was delivered after that month could first be reported.
        full_refresh: Rebuild incremental models from nothing.
        fingerprint: Hash of the run's inputs, kept in the release; empty where nobody took it.
        allow_breaking: Marts that may lose or change columns in this release.
    """

    home: str
    extracts: str | None = None
    mapping: str | None = None
    as_of: str | None = None
    as_known: bool = False
    full_refresh: bool = False
    fingerprint: str = ""
    allow_breaking: list[str] = []  # noqa: RUF012 - pydantic copies it

    _record: RunRecord = PrivateAttr(default_factory=RunRecord)
    _listener: Listener | None = PrivateAttr(default=None)

    @property
    def paths(self) -> Home:
        """The home's paths."""
        return Home.at(self.home)

    @property
    def settings(self) -> Settings:
        """The home's settings."""
        return load_settings(self.paths)

    @property
    def record(self) -> RunRecord:
        """Record of this run."""
        return self._record

    @property
    def extracts_folder(self) -> Path:
        """Folder the extracts are read from."""
        return Path(self.extracts) if self.extracts else self.paths.extracts

    @property
    def mapping_file(self) -> Path:
        """Mapping the extracts are read with."""
        return find_mapping(self.mapping or self.settings.mapping, self.extracts_folder)

    def tell(self, stage: str, message: str) -> None:
        """Show what the run is doing to whoever watches."""
        if self._listener is not None:
            self._listener(stage, message)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Pipeline"]:
        """Hold lock and record from the run's first step to its last."""
        self._record, self._listener = current_observer()
        home = self.paths.prepare()
        with writer_lock(home.lock, "a run of Dagster"):
            if not self._record.options:
                self._record.options = {
                    "extracts": str(self.extracts_folder),
                    "mapping": self.mapping,
                    "as_of": self.as_of,
                    "as_known": self.as_known,
                    "full_refresh": self.full_refresh,
                }
            if context.run is not None:
                self._record.run_id = context.run.run_id
                if context.instance is not None:
                    close_dead_runs(context.instance, context.run.run_id)
            try:
                yield self
            finally:
                if self._record.status == "running":
                    # A run of some assets only, chosen in the UI, ends without a release.
                    broken = self._record.failures or self._record.failed_stage
                    self._record.status = "failed" if broken else "partial"
                if self._record.run_id:
                    self._record.write(home.runs)

    @contextmanager
    def connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the warehouse file for writing; nobody else may have it open."""
        settings = self.settings
        config: dict[str, Any] = {
            "memory_limit": settings.memory_limit,
            "threads": settings.threads,
            "temp_directory": str(self.paths.temp),
            "preserve_insertion_order": False,
        }
        with duckdb.connect(str(self.paths.warehouse), config=config) as connection:
            yield connection


class Dbt(DbtCliResource):
    """dbt as this project's own child process, with the home's environment.

    Two things of the parent class are replaced because they cost seconds in every run and one of
    them asks the internet for the newest version: looking up the version by `dbt --version`, and a
    database adapter in this process, which only column metadata would use.
    """

    @cached_property
    def _cli_version(self) -> Version:
        return Version(dbt_version)

    def _initialize_dbt_core_adapter(self, args: Any) -> Any:
        return None

    @contextmanager
    def environment(self, home: Home, settings: Settings) -> Iterator[None]:
        """Give dbt the home's paths; the variables are gone again after the block."""
        values = build_environment(home, settings)
        before = {name: os.environ.get(name) for name in values}
        os.environ.update(values)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


class Loader(dg.ConfigurableResource):
    """Loads extracts into the raw tables."""

    def load(self, pipeline: Pipeline, progress: Callable[[str], None]) -> Any:
        """Load every new file, erase what the home's list names, return the loader's report.

        Raises:
            LoadError: The extracts or the list of erasures cannot be taken as they are.
        """
        from orchestration.loading import (  # noqa: PLC0415
            load_contract,
            load_extracts,
            load_mapping,
            read_erasures,
        )

        mapping, contract = load_mapping(pipeline.mapping_file), load_contract()
        erasures = read_erasures(pipeline.paths.erasures)
        with pipeline.connection() as connection:
            report = load_extracts(
                connection, pipeline.extracts_folder, mapping, contract, progress=progress
            )
            if erasures:
                _erase(pipeline, connection, contract, erasures, report)
        return report


def _erase(pipeline: Pipeline, connection: Any, contract: Any, erasures: Any, report: Any) -> None:
    """Erase, and see to it that nothing built or written before shows what was erased."""
    from orchestration.loading import erase, names_erased  # noqa: PLC0415

    if not names_erased(connection, contract, erasures):
        return
    # First, so that a run that dies between here and its release does not leave months behind
    # that were built with the old names.
    forget_rules(pipeline.paths)
    forget_rules(pipeline.paths.spark)
    report.erased_rows = erase(connection, contract, erasures)
    shutil.rmtree(pipeline.paths.data_docs, ignore_errors=True)
    pipeline.paths.prepare()
    report.notices.append(
        f"{report.erased_rows} rows of raw tables were erased by {pipeline.paths.erasures.name}; "
        "all models are built anew and earlier releases are removed."
    )


class Checker(dg.ConfigurableResource):
    """Runs the checks at the door and at the shop window."""

    def door(self, pipeline: Pipeline, batch_id: int | None) -> list[Any]:
        """Check what was loaded and return one outcome per check."""
        from expectations.runner import run_door  # noqa: PLC0415 - imports Great Expectations

        return run_door(
            pipeline.paths.warehouse,
            pipeline.paths.data_docs,
            pipeline.record.run_id,
            batch_id=batch_id,
            config=_check_settings(pipeline),
        )

    def window(self, pipeline: Pipeline) -> list[Any]:
        """Check the marts and return one outcome per check."""
        from expectations.runner import run_window  # noqa: PLC0415 - imports Great Expectations

        return run_window(
            pipeline.paths.warehouse,
            pipeline.paths.data_docs,
            pipeline.record.run_id,
            config=_check_settings(pipeline),
        )


class Publisher(dg.ConfigurableResource):
    """Publishes checked marts."""

    def publish(self, pipeline: Pipeline, manifest_extra: dict[str, Any]) -> Any:
        """Publish the marts as a release and return it.

        Raises:
            PublishError: The release could not be made; the one before stays.
        """
        from orchestration.loading import erasure_fingerprint, read_erasures  # noqa: PLC0415
        from orchestration.publishing import publish  # noqa: PLC0415 - not needed to list assets

        settings = pipeline.settings
        return publish(
            pipeline.paths.published,
            pipeline.paths.warehouse,
            run_id=pipeline.record.run_id,
            manifest_extra=manifest_extra,
            retain=settings.retain_releases,
            memory_limit=settings.memory_limit,
            threads=settings.threads,
            dbt_manifest=pipeline.paths.dbt_target / "manifest.json",
            allow_breaking=pipeline.allow_breaking,
            erasures=erasure_fingerprint(read_erasures(pipeline.paths.erasures)),
        )


def _check_settings(pipeline: Pipeline) -> dict[str, Any]:
    settings = pipeline.settings
    return {
        "reporting_currency": settings.reporting_currency,
        "threads": settings.threads,
        "memory_limit": settings.memory_limit,
        "temp_directory": str(pipeline.paths.temp),
    }


def build_resources(home: Home) -> dict[str, Any]:
    """Return the resources of a home's pipeline, by the names the assets use."""
    import sys  # noqa: PLC0415

    return {
        "pipeline": Pipeline(home=str(home.root)),
        "dbt": Dbt(
            project_dir=str(PROJECT_DIR),
            profiles_dir=str(PROJECT_DIR),
            dbt_executable=sys.executable,
            global_config_flags=["-m", "orchestration.dbt.process"],
        ),
        "loader": Loader(),
        "checker": Checker(),
        "publisher": Publisher(),
    }
