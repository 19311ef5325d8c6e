"""When the monthly job runs: on a day of the month, for the month before."""

from typing import Any

import dagster as dg

from orchestration.settings import Settings

MONTHLY_SCHEDULE = "monthly_schedule"


def build_schedule(job: Any, settings: Settings) -> Any:
    """Return the schedule of the monthly job.

    Args:
        job: The monthly job; its partitions carry the time zone.
        settings: Day, hour and minute.
    """
    schedule, status = settings.schedule, dg.DefaultScheduleStatus
    return dg.build_schedule_from_partitioned_job(
        job,
        name=MONTHLY_SCHEDULE,
        description="Runs the month that has just ended.",
        day_of_month=schedule.day,
        hour_of_day=schedule.hour,
        minute_of_hour=schedule.minute,
        default_status=status.RUNNING if schedule.enabled else status.STOPPED,
    )
