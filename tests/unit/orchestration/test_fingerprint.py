"""Fingerprints change with what a release is made from, and with nothing else."""

import os

import pytest

from orchestration.runs.fingerprint import hash_extracts, hash_file, hash_paths, run_fingerprint


@pytest.fixture
def extracts(tmp_path):
    folder = tmp_path / "extracts"
    (folder / "ledger").mkdir(parents=True)
    (folder / "ledger" / "2024-01.csv").write_text("a\n1\n")
    (folder / "ledger" / "2024-02.csv").write_text("a\n2\n")
    return folder


def hashes(entries):
    return {name: entry["hash"] for name, entry in entries.items()}


def test_files_are_named_by_their_path_below_the_folder(extracts):
    assert list(hash_extracts(extracts, {})) == ["ledger/2024-01.csv", "ledger/2024-02.csv"]


def test_hidden_files_are_no_extracts(extracts):
    (extracts / ".DS_Store").write_text("x")
    (extracts / ".partial").mkdir()
    (extracts / ".partial" / "2024-03.csv").write_text("a\n3\n")
    assert len(hash_extracts(extracts, {})) == 2


def test_the_mapping_is_no_extract(extracts):
    (extracts / "mapping.yml").write_text("version: 1\n")
    assert len(hash_extracts(extracts, {})) == 2


def test_unchanged_files_are_not_read_again(extracts):
    known = hash_extracts(extracts, {})
    for entry in known.values():
        entry["hash"] = "from the cache"
    assert set(hashes(hash_extracts(extracts, known)).values()) == {"from the cache"}


def test_a_change_that_keeps_size_and_time_is_noticed(extracts):
    path = extracts / "ledger" / "2024-01.csv"
    known = hash_extracts(extracts, {})
    before = path.stat()
    path.write_text("a\n9\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert hash_extracts(extracts, known)["ledger/2024-01.csv"]["hash"] == hash_file(path)
    assert hashes(hash_extracts(extracts, known)) != hashes(known)


def test_a_touched_file_has_the_same_fingerprint(extracts):
    before = run_fingerprint(hash_extracts(extracts, {}), {"as_of": None})
    os.utime(extracts / "ledger" / "2024-01.csv", (0, 0))
    assert run_fingerprint(hash_extracts(extracts, {}), {"as_of": None}) == before


@pytest.mark.parametrize("change", ["content", "name", "new", "gone", "option"])
def test_every_input_changes_the_fingerprint(extracts, change):
    before = run_fingerprint(hash_extracts(extracts, {}), {"as_of": None})
    path = extracts / "ledger" / "2024-01.csv"
    options = {"as_of": "2024-01" if change == "option" else None}
    if change == "content":
        path.write_text("a\n7\n")
    elif change == "name":
        path.rename(path.with_name("2023-12.csv"))
    elif change == "new":
        path.with_name("2024-03.csv").write_text("a\n")
    elif change == "gone":
        path.unlink()
    assert run_fingerprint(hash_extracts(extracts, {}), options) != before


def test_code_hash_sees_content_and_names_but_no_caches(tmp_path):
    (tmp_path / "models" / "__pycache__").mkdir(parents=True)
    (tmp_path / "models" / "a.sql").write_text("select 1")
    before = hash_paths(["models", "absent"], tmp_path)
    (tmp_path / "models" / "__pycache__" / "a.pyc").write_text("x")
    assert hash_paths(["models", "absent"], tmp_path) == before
    (tmp_path / "models" / "a.sql").write_text("select 2")
    changed = hash_paths(["models", "absent"], tmp_path)
    assert changed != before
    (tmp_path / "models" / "a.sql").rename(tmp_path / "models" / "b.sql")
    assert hash_paths(["models", "absent"], tmp_path) not in (before, changed)
