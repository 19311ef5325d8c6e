"""What `kaw status` shows: releases, newest first, and the last runs."""

from orchestration.home import Home
from orchestration.publishing import status
from orchestration.runs.record import read_records

_SHOWN_RUNS = 5


def status_text(home: Home) -> str:
    """Return the state of a home in a few lines.

    Args:
        home: Any home, even one that does not exist yet.

    Raises:
        PublishError: The published folder is damaged.
    """
    lines = [f"Home       {home.root}"]
    releases = status(home.published)
    if not releases:
        lines.append("Releases   none yet; `kaw run` publishes the first")
    for release in releases:
        marker = "current" if release.is_current else "kept"
        lines.append(
            f"Release    {release.release_id}  as of {release.as_of_month or '-':7}"
            f"  {sum(release.row_counts.values()):>11,} rows"
            f"  {release.total_bytes / 1e6:8.1f} MB  {marker}"
        )
    for record in read_records(home.runs, _SHOWN_RUNS):
        seconds = record["seconds"].get("total")
        took = f"{seconds:6.1f} s" if seconds is not None else ""
        reasons = [
            f"{problem['stage']}: {problem['name']}"
            for problem in record["problems"]
            if not problem["is_warning"]
        ]
        outcome = record["release"] or "; ".join(reasons[:2])
        lines.append(f"Run        {record['started_at']}  {record['status']:9} {took}  {outcome}")
    return "\n".join(lines)
