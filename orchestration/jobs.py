"""The jobs: one refresh of everything, the same from nothing, the same for a given month."""

from typing import Any

import dagster as dg

from orchestration.settings import Settings

REFRESH = "refresh"
FULL_REFRESH = "full_refresh"
MONTHLY = "monthly"


def monthly_partitions(settings: Settings) -> dg.MonthlyPartitionsDefinition:
    """Return the months that can be run, from the first configured one to the last that ended."""
    return dg.MonthlyPartitionsDefinition(
        start_date=f"{settings.schedule.first_month}-01", timezone=settings.schedule.time_zone
    )


def month_of(partition_key: str) -> str:
    """Return the month of a partition key such as 2024-03-01, as YYYY-MM."""
    return partition_key[:7]


def pipeline_config(home: str, **options: Any) -> dict[str, Any]:
    """Return the run configuration that gives the pipeline resource its options.

    Args:
        home: Home folder; configuration replaces the whole resource, so it is always given.
        **options: Other fields of `resources.Pipeline`; None values are left out.
    """
    given = {name: value for name, value in options.items() if value is not None}
    return {"resources": {"pipeline": {"config": {"home": home, **given}}}}


def build_jobs(home: str, settings: Settings) -> list[Any]:
    """Return the jobs over the whole graph.

    Args:
        home: Home folder.
        settings: Its settings, for first month and time zone.
    """
    everything = dg.AssetSelection.all()
    partitioned = dg.PartitionedConfig(
        partitions_def=monthly_partitions(settings),
        run_config_for_partition_key_fn=lambda key: pipeline_config(home, as_of=month_of(key)),
    )
    return [
        dg.define_asset_job(
            REFRESH,
            selection=everything,
            description="Load what is new, rebuild what it touches, check, publish.",
        ),
        dg.define_asset_job(
            FULL_REFRESH,
            selection=everything,
            config=pipeline_config(home, full_refresh=True),
            description="The same, with every incremental model rebuilt from nothing.",
        ),
        dg.define_asset_job(
            MONTHLY,
            selection=everything,
            config=partitioned,
            description="The same as of one month; back-fill months here.",
        ),
    ]
