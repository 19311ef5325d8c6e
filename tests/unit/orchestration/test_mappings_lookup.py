"""Which mapping a run takes."""

import pytest

from orchestration import mappings_lookup
from orchestration.errors import UsageError
from orchestration.mappings_lookup import find_mapping


@pytest.fixture(autouse=True)
def shipped(tmp_path, monkeypatch):
    folder = tmp_path / "shipped"
    folder.mkdir()
    for name in ("contract", "online_retail"):
        (folder / f"{name}.yml").write_text("version: 1\n")
    monkeypatch.setattr(mappings_lookup, "SHIPPED", folder)
    return folder


def test_extracts_bring_their_own(tmp_path, shipped):
    own = tmp_path / "mapping.yml"
    assert find_mapping(None, tmp_path) == shipped / "contract.yml"
    own.write_text("version: 1\n")
    assert find_mapping(None, tmp_path) == own


def test_a_name_wins_over_the_extracts_own(tmp_path, shipped):
    (tmp_path / "mapping.yml").write_text("version: 1\n")
    assert find_mapping("online_retail", tmp_path) == shipped / "online_retail.yml"


def test_a_file_may_lie_anywhere(tmp_path):
    file = tmp_path / "ours.yml"
    file.write_text("version: 1\n")
    assert find_mapping(str(file), tmp_path / "extracts") == file


def test_an_unknown_name_is_answered_with_the_nearest(tmp_path):
    with pytest.raises(UsageError, match=r"contract, online_retail.*mean 'online_retail'"):
        find_mapping("online-retail", tmp_path)
