"""What a release was made from: extracts, mapping, code and options, as one hash.

Two runs with the same fingerprint would publish the same figures, so the second need not run.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from orchestration.home import PROJECT_DIR

# Everything dbt reads. A change here asks for a new parse and a new build.
_DBT_PATHS = ("dbt_project.yml", "profiles.yml", "models", "seeds", "macros", "tests/dbt")
_CODE_PATHS = (*_DBT_PATHS, "orchestration", "expectations", "requirements.lock")
_CHUNK_BYTES = 1 << 20
# The mapping that extracts may bring along. A run that reads by it hashes it as its mapping.
MAPPING_FILE = "mapping.yml"


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, as hexadecimal text."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def hash_paths(paths: Iterable[str], root: Path = PROJECT_DIR) -> str:
    """Return one hash over files and whole folders, by relative name and content.

    Args:
        paths: Files or folders below `root`; absent ones count as absent, hidden ones not at all.
        root: Folder that the names count from.
    """
    digest = hashlib.sha256()
    for name in paths:
        start = root / name
        files = [start] if start.is_file() else sorted(start.rglob("*"))
        for file in files:
            relative = file.relative_to(root)
            hidden = any(part.startswith(".") or part == "__pycache__" for part in relative.parts)
            if file.is_file() and not hidden:
                digest.update(f"{relative.as_posix()}\0{hash_file(file)}\n".encode())
    return digest.hexdigest()


def dbt_version_hash() -> str:
    """Return the hash of everything dbt parses."""
    return hash_paths(_DBT_PATHS)


def code_version_hash() -> str:
    """Return the hash of everything that decides what a run computes from its extracts."""
    return hash_paths(_CODE_PATHS)


def list_extracts(folder: Path) -> list[Path]:
    """Return every file of an extracts folder, sorted by path.

    Hidden files are not extracts, nor is the mapping that may lie beside them.
    """
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path != folder / MAPPING_FILE
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def stat_key(path: Path) -> list[int]:
    """Return what changes whenever a file's content does: size, both times, inode.

    The change time cannot be set by a program, so a copy that keeps the old modification time is
    noticed all the same.
    """
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def hash_extracts(folder: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    """Hash the files of an extracts folder, reading only those that changed since last time.

    Args:
        folder: Extracts folder.
        known: Result of an earlier call for the same folder, or an empty mapping.

    Returns:
        Relative path -> {"stat": numbers of `stat_key`, "hash": SHA-256}.
    """
    result = {}
    for path in list_extracts(folder):
        name = path.relative_to(folder).as_posix()
        stat = stat_key(path)
        before = known.get(name)
        if before is not None and before["stat"] == stat:
            result[name] = before
        else:
            result[name] = {"stat": stat, "hash": hash_file(path)}
    return result


def run_fingerprint(extract_hashes: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """Return the hash of all inputs of a run.

    Args:
        extract_hashes: Result of `hash_extracts`.
        options: Everything else that decides the outcome: code version, mapping hash, as-of month,
            reporting currency. Values must be JSON.
    """
    inputs = {
        "extracts": {name: entry["hash"] for name, entry in extract_hashes.items()},
        "options": dict(options),
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
