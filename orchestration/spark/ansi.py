"""Keeps Spark in ANSI mode, which dbt-spark turns off whatever the profile says.

Without it a cast that cannot be done and a division by zero are NULL, and a number too large for
its type is another number, where DuckDB stops.
"""

from __future__ import annotations

from typing import Any

_SETTING = "spark.sql.ansi.enabled"


def obey_the_profile(credentials: type[Any]) -> None:
    """Make dbt-spark's credentials keep what a profile says of ANSI mode.

    Args:
        credentials: `dbt.adapters.spark.SparkCredentials`, changed in place; a second time changes
            nothing.
    """
    original = credentials.__post_init__
    if getattr(original, "obeys_the_profile", False):
        return

    def post_init(self: Any) -> None:
        asked = self.server_side_parameters.get(_SETTING)
        original(self)
        if asked is not None:
            self.server_side_parameters[_SETTING] = str(asked)

    post_init.obeys_the_profile = True  # type: ignore[attr-defined]
    credentials.__post_init__ = post_init
