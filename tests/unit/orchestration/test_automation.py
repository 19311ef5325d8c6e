"""Jobs, schedule and sensor."""

import os
from datetime import UTC, datetime

import dagster as dg
import pytest

from orchestration.home import Home
from orchestration.jobs import MONTHLY, pipeline_config
from orchestration.schedules import MONTHLY_SCHEDULE, build_schedule
from orchestration.sensors import EXTRACTS_SENSOR, build_sensor, content_cursor
from orchestration.settings import ScheduleSettings, Settings

pytestmark = pytest.mark.xdist_group("definitions")


def test_options_left_out_keep_their_defaults():
    config = pipeline_config("home", as_of=None, full_refresh=True)
    assert config == {"resources": {"pipeline": {"config": {"home": "home", "full_refresh": True}}}}


def test_monthly_job_reports_its_partition(definitions, parsed_home):
    job = definitions.resolve_job_def(MONTHLY)
    config = (
        job.get_run_config_for_partition_key("2024-03-01")
        if hasattr(job, "get_run_config_for_partition_key")
        else job.partitioned_config.get_run_config_for_partition_key("2024-03-01")
    )
    assert config == pipeline_config(str(parsed_home.root), as_of="2024-03")


def test_full_refresh_job_rebuilds(definitions):
    config = definitions.resolve_job_def("full_refresh").run_config
    assert config["resources"]["pipeline"]["config"]["full_refresh"] is True


def test_schedule_runs_the_month_before_on_its_day_in_its_zone(definitions):
    schedule = definitions.resolve_schedule_def(MONTHLY_SCHEDULE)
    assert schedule.cron_schedule == "0 6 3 * *"
    assert schedule.execution_timezone == "Asia/Shanghai"
    tick = datetime(2024, 4, 2, 22, 0, tzinfo=UTC)
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(
            instance=instance,
            scheduled_execution_time=tick,
            repository_def=definitions.get_repository_def(),
        )
        requests = schedule.evaluate_tick(context).run_requests
    assert [request.partition_key for request in requests] == ["2024-03-01"]


@pytest.mark.parametrize("enabled", [True, False])
def test_settings_decide_whether_schedule_and_sensor_run(definitions, tmp_path, enabled):
    settings = Settings(schedule=ScheduleSettings(enabled=enabled, day=7, hour=4, minute=30))
    job = definitions.resolve_job_def(MONTHLY)
    schedule = build_schedule(job, settings)
    sensor = build_sensor(job, Home.at(tmp_path), settings)
    assert schedule.cron_schedule == "30 4 7 * *"
    assert (schedule.default_status is dg.DefaultScheduleStatus.RUNNING) is enabled
    assert (sensor.default_status is dg.DefaultSensorStatus.RUNNING) is enabled


@pytest.fixture
def watched(tmp_path, definitions):
    home = Home.at(tmp_path)
    settings = Settings(schedule=ScheduleSettings(settle_seconds=60))
    sensor = build_sensor(definitions.resolve_job_def("refresh"), home, settings)
    file = home.extracts / "ledger" / "2024-01.csv"
    file.parent.mkdir(parents=True)
    file.write_text("a\n1\n")
    os.utime(file, (0, 0))
    return sensor, file, home


def tick(sensor, cursor=None):
    context = dg.build_sensor_context(cursor=cursor)
    return sensor(context), context.cursor


def test_new_extracts_start_one_run(watched):
    sensor, _file, home = watched
    request, cursor = tick(sensor)
    assert isinstance(request, dg.RunRequest)
    assert request.run_config == pipeline_config(str(home.root))
    again, _cursor = tick(sensor, cursor)
    assert isinstance(again, dg.SkipReason)


def test_a_changed_file_starts_another(watched):
    sensor, file, _home = watched
    first, cursor = tick(sensor)
    file.write_text("a\n2\n")
    os.utime(file, (0, 0))
    second, _cursor = tick(sensor, cursor)
    assert isinstance(second, dg.RunRequest)
    assert second.run_key != first.run_key


def test_the_same_bytes_again_start_nothing(watched):
    sensor, file, _home = watched
    _first, cursor = tick(sensor)
    file.write_text("a\n1\n")
    skipped, _cursor = tick(sensor, cursor)
    assert isinstance(skipped, dg.SkipReason)


def test_a_file_still_arriving_is_left_alone(watched):
    sensor, file, _home = watched
    os.utime(file)
    skipped, cursor = tick(sensor)
    assert "arriving" in skipped.skip_message
    assert cursor is None


def test_an_absent_folder_is_no_error(tmp_path):
    assert content_cursor(tmp_path / "absent") == ("", 0.0)


def test_sensor_is_in_the_definitions(definitions):
    assert definitions.resolve_sensor_def(EXTRACTS_SENSOR).job_name == "refresh"
