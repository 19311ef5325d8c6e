"""Settings of a home: how much memory, which currency, when to run.

Read from `<home>/settings.yml`, where each may be left out, and overridden by the environment.
Policies of the business (thresholds, taxonomies) are seeds of the dbt project, not settings.
"""

import os
import re
from collections.abc import Mapping
from typing import Annotated, Any
from zoneinfo import available_timezones

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from orchestration.errors import UsageError
from orchestration.home import Home
from orchestration.yaml_file import read_yaml


class ScheduleSettings(BaseModel):
    """When the monthly run starts.

    Attributes:
        enabled: Whether schedule and sensor run as soon as the Dagster UI is served.
        day: Day of the month on which the month before is run, 1 to 28.
        hour: Hour of that day, 0 to 23.
        minute: Minute of that hour, 0 to 59.
        time_zone: IANA name of the business time zone.
        first_month: First month that can be run or filled in afterwards, YYYY-MM.
        settle_seconds: Seconds the newest extract must have lain untouched before the sensor
            starts a run, so that a file still being copied is not read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = False
    day: Annotated[int, Field(ge=1, le=28)] = 3
    hour: Annotated[int, Field(ge=0, le=23)] = 6
    minute: Annotated[int, Field(ge=0, le=59)] = 0
    time_zone: str = "Asia/Shanghai"
    first_month: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] = "2009-01"
    settle_seconds: Annotated[int, Field(ge=0)] = 60

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"'{value}' is no IANA time zone, such as Asia/Shanghai")
        return value


class Settings(BaseModel):
    """Settings of a home, checked.

    Attributes:
        memory_limit: Most memory DuckDB may take, such as 4GB or 600MB.
        threads: Threads of DuckDB. dbt builds one model at a time, as profiles.yml explains.
        reporting_currency: ISO code amounts are reported in; None keeps the dbt project's own.
        retain_releases: Published releases kept for rollback, the current one included.
        mapping: Mapping used where a run names none: a file or a shipped mapping.
        schedule: When the monthly run starts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    memory_limit: str = "4GB"
    threads: Annotated[int, Field(ge=1, le=256)] = 2
    reporting_currency: Annotated[str | None, Field(pattern=r"^[A-Z]{3}$")] = None
    retain_releases: Annotated[int, Field(ge=1)] = 5
    mapping: str | None = None
    schedule: ScheduleSettings = ScheduleSettings()

    @field_validator("memory_limit")
    @classmethod
    def _memory_size(cls, value: str) -> str:
        if not re.fullmatch(r"\d+(\.\d+)? ?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)", value):
            raise ValueError(f"'{value}' is no amount of memory, such as 4GB or 600MB")
        return value


# Environment variable -> setting. Times and time zone are better kept in the file.
ENVIRONMENT = {
    "KAW_MEMORY_LIMIT": "memory_limit",
    "KAW_THREADS": "threads",
    "KAW_REPORTING_CURRENCY": "reporting_currency",
    "KAW_RETAIN_RELEASES": "retain_releases",
    "KAW_MAPPING": "mapping",
}


def load_settings(home: Home, environment: Mapping[str, str] | None = None) -> Settings:
    """Read a home's settings; the environment wins over the file, the file over the defaults.

    Args:
        home: The home; its settings file may be absent.
        environment: Variables to read instead of the process environment.

    Raises:
        UsageError: The file is no YAML mapping, names an unknown setting, or a value is no good.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    if home.settings_file.exists():
        try:
            content = read_yaml(home.settings_file)
        except yaml.YAMLError as error:
            raise UsageError(f"{home.settings_file} is not valid YAML: {error}") from error
        if content is not None and not isinstance(content, dict):
            raise UsageError(f"{home.settings_file} must hold settings as `name: value` lines")
        values |= content or {}
    values |= {
        setting: environment[name] for name, setting in ENVIRONMENT.items() if environment.get(name)
    }
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
            for problem in error.errors()
        )
        where = f"Settings of {home.root} ({home.settings_file.name} or environment)"
        raise UsageError(f"{where}: {problems}") from error
