"""One parse of the dbt project for every warehouse that tests build.

dbt takes longer to read the project than to build a small company, and reads it anew wherever the
warehouse file lies elsewhere: its cache remembers a hash of the whole connection. What the project
says does not depend on where the file lies, so a copy of the cache gets the hash of its own place.
Whether the cache still is what the files say, dbt finds out itself, but for one thing: a unit test
renamed or removed stays in it. So the cache goes where the YAML has changed.
"""

import argparse
import fcntl
import hashlib
import os
import pprint
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARSED = ROOT / "target" / "tests"
CACHE = "partial_parse.msgpack"
WAREHOUSE = "key_accounts.duckdb"


def share_parse(target: Path, environment: Mapping[str, str]) -> None:
    """Put the parsed project where dbt looks for it.

    Args:
        target: dbt's target folder; made where it is missing.
        environment: Variables dbt will run with, those that profiles.yml reads among them. The
            warehouse's file name is the shared one, for parsed nodes know it as their database.
    """
    assert Path(environment["KAW_WAREHOUSE"]).name == WAREHOUSE
    target.mkdir(parents=True, exist_ok=True)
    content, parsed_hash = _parsed()
    own_hash = _connection_hash(environment)
    (target / CACHE).write_bytes(content.replace(parsed_hash.encode(), own_hash.encode()))


@cache
def _parsed() -> tuple[bytes, str]:
    """Parse the project, or what of it has changed since; the cache and the hash it knows."""
    PARSED.mkdir(parents=True, exist_ok=True)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("KAW_")
    } | {"KAW_WAREHOUSE": str(PARSED / WAREHOUSE), "DBT_PROFILES_DIR": str(ROOT)}
    with (PARSED / "parse.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        described, now = PARSED / "described", _descriptions_hash()
        if not described.exists() or described.read_text("utf-8") != now:
            (PARSED / CACHE).unlink(missing_ok=True)
        done = subprocess.run(
            [
                sys.executable, "-m", "orchestration.dbt.process", "--quiet", "parse",
                "--target-path", str(PARSED), "--log-path", str(PARSED / "logs"),
            ],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        described.write_text(now, "utf-8")
        content = (PARSED / CACHE).read_bytes()
    own_hash = _connection_hash(environment)
    assert own_hash.encode() in content, "dbt hashes the connection in another way than here"
    return content, own_hash


def _descriptions_hash() -> str:
    """Hash the YAML in which models have their unit tests."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "models").rglob("*.yml")):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def _connection_hash(environment: Mapping[str, str]) -> str:
    """Hash a connection as dbt does (`ManifestLoader.build_manifest_state_check`)."""
    # Late: importing dbt takes seconds that most tests need not spend.
    from dbt.artifacts.resources import FileHash  # noqa: PLC0415
    from dbt.config.profile import Profile, read_profile  # noqa: PLC0415
    from dbt.config.renderer import ProfileRenderer  # noqa: PLC0415
    from dbt.flags import set_from_args  # noqa: PLC0415
    from dbt_common.context import set_invocation_context  # noqa: PLC0415

    set_invocation_context(dict(environment))
    set_from_args(argparse.Namespace(PROFILES_DIR=str(ROOT)), {})
    ((name, _),) = (item for item in read_profile(str(ROOT)).items() if item[0] != "config")
    profile = Profile.from_raw_profiles(read_profile(str(ROOT)), name, ProfileRenderer({}))
    return FileHash.from_contents(
        pprint.pformat(sorted(profile.credentials.connection_info()))
    ).checksum
