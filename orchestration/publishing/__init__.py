"""The last step of write, audit, publish: releases that readers can trust at any hour.

A release is an immutable folder below `published/builds/` with the marts as one DuckDB file and as
Parquet, and a manifest that says what they were made from. `published/current` is a symbolic link
to the release that readers see; it only ever moves to a build that was verified.

What does not belong here: deciding whether the marts are right. The checks run before, and the
caller hands over their results.
"""

from orchestration.publishing.errors import PublishError
from orchestration.publishing.publish import publish
from orchestration.publishing.releases import Release, rollback, status
from orchestration.publishing.restatements import append_log

__all__ = ["PublishError", "Release", "append_log", "publish", "rollback", "status"]
