"""Dagster's run history of a home."""

import time

import dagster as dg
import pytest

from orchestration.home import Home
from orchestration.runs.history import KeptOpenEventLog
from orchestration.runs.history_repair import close_dead_runs

SPECS = [dg.AssetCheckSpec(f"c{number}", asset="table") for number in range(20)]


@dg.asset(check_specs=SPECS)
def table():
    yield dg.MaterializeResult(
        check_results=[dg.AssetCheckResult(check_name=spec.name, passed=True) for spec in SPECS]
    )


@pytest.fixture
def home(tmp_path, monkeypatch):
    home = Home.at(tmp_path / "home").prepare()
    monkeypatch.setenv("DAGSTER_HOME", str(home.dagster))
    return home


def open_instance(home):
    return dg.DagsterInstance.from_config(str(home.dagster))


def test_a_home_keeps_its_history_in_itself(home):
    with open_instance(home) as instance:
        assert isinstance(instance.event_log_storage, KeptOpenEventLog)
        assert not instance.telemetry_enabled
    assert list(home.dagster.rglob("index.db"))


def test_what_one_process_writes_another_reads(home):
    with open_instance(home) as instance:
        run_id = dg.materialize([table], instance=instance).run_id
    with open_instance(home) as reader:
        assert reader.get_run_by_id(run_id).status is dg.DagsterRunStatus.SUCCESS
        assert reader.get_latest_materialization_event(dg.AssetKey("table")).run_id == run_id
        key = dg.AssetCheckKey(dg.AssetKey("table"), "c7")
        summary = reader.event_log_storage.get_asset_check_execution_history(key, limit=1)
        assert summary[0].run_id == run_id


def test_a_reader_that_is_open_sees_what_is_written_later(home):
    with open_instance(home) as reader, open_instance(home) as writer:
        assert reader.get_runs() == []
        dg.materialize([table], instance=writer)
        assert len(reader.get_runs()) == 1
        assert reader.get_latest_materialization_event(dg.AssetKey("table")) is not None


def test_many_checks_do_not_take_long(home):
    with open_instance(home) as instance:
        dg.materialize([table], instance=instance)
        start = time.process_time()
        dg.materialize([table], instance=instance)
        assert time.process_time() - start < 5


def test_a_batch_is_stored_whole_or_not_at_all(home, monkeypatch):
    monkeypatch.setenv("DAGSTER_EVENT_BATCH_SIZE", "1000")
    with open_instance(home) as instance:
        log = instance.event_log_storage
        run_id = dg.materialize([table], instance=instance).run_id
        stored = [record.event_log_entry for record in log.get_records_for_run(run_id).records]
        start = next(e for e in stored if e.dagster_event_type is dg.DagsterEventType.STEP_START)
        with pytest.raises(dg.DagsterError):
            # A check that was planned twice cannot have one result.
            log.store_event_batch([start, *stored])
        assert len(log.get_records_for_run(run_id).records) == len(stored)
        log.store_event_batch([start, start])
        assert len(log.get_records_for_run(run_id).records) == len(stored) + 2


def test_runs_whose_process_died_are_closed(home):
    with open_instance(home) as instance:
        job = dg.define_asset_job("refresh")
        job_def = dg.Definitions(assets=[table], jobs=[job]).resolve_job_def("refresh")
        dead, alive = (instance.create_run_for_job(job_def) for _ in range(2))
        for run in (dead, alive):
            instance.handle_run_event(
                run.run_id,
                dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, job_name="refresh"),
            )
        assert close_dead_runs(instance, alive.run_id) == [dead.run_id]
        assert instance.get_run_by_id(dead.run_id).status is dg.DagsterRunStatus.FAILURE
        assert instance.get_run_by_id(alive.run_id).status is dg.DagsterRunStatus.STARTED


def test_instance_file_of_the_operator_is_kept(home):
    file = home.dagster / "dagster.yaml"
    file.write_text("# ours\n")
    home.prepare()
    assert file.read_text() == "# ours\n"


def test_one_run_at_a_time_in_the_pool(home):
    with open_instance(home) as instance:
        pools = instance.get_concurrency_config().pool_config
        assert pools.default_pool_limit == 1
        assert pools.pool_granularity.value == "run"
