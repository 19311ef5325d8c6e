"""Homes of a small sample company, shared by the tests that run the whole pipeline.

Building one takes half a minute, so it happens once per session; a test that changes anything
works on a copy.
"""

import shutil

import pytest
from pipeline_support import LAST_MONTH, SAMPLE, copy_home, kaw, last_file


@pytest.fixture(scope="session")
def late_extracts(tmp_path_factory):
    """The sample's extracts, and those files of them that arrive a month later."""
    home = tmp_path_factory.mktemp("sample") / "home"
    result = kaw("sample", "--home", home, *SAMPLE)
    assert result.exit_code == 0, result.output
    late = [
        path.relative_to(home / "extracts")
        for path in (home / "extracts").rglob("*")
        if path.is_file() and path.name.startswith(LAST_MONTH)
    ]
    assert late
    return home, late


@pytest.fixture(scope="session")
def published_home(late_extracts, tmp_path_factory):
    """A home that published everything but the last month. Read it; change only copies.

    Its run was told where extracts and mapping are, elsewhere; they lie in the home as well.
    """
    sample, late = late_extracts
    folder = tmp_path_factory.mktemp("published")
    home = copy_home(sample, folder / "home")
    for name in late:
        (home / "extracts" / name).unlink()
    shutil.copytree(home / "extracts", folder / "elsewhere")
    mapping = folder / "ours.yml"
    shutil.move(folder / "elsewhere" / "mapping.yml", mapping)
    result = kaw("run", "--home", home, "--extracts", folder / "elsewhere", "--mapping", mapping)
    assert result.exit_code == 0, result.output
    shutil.rmtree(folder / "elsewhere")
    return home


@pytest.fixture
def with_last_month(late_extracts):
    """Deliver the last month's files into a home."""
    sample, late = late_extracts

    def deliver(home):
        for name in late:
            shutil.copy2(sample / "extracts" / name, home / "extracts" / name)
        return home

    return deliver


@pytest.fixture(scope="session")
def complete_home(late_extracts, published_home, tmp_path_factory):
    """A home that published all months, the last one on its own. Read it; change only copies.

    Its last month came broken first, and whole at the second attempt.
    """
    sample, late = late_extracts
    home = copy_home(published_home, tmp_path_factory.mktemp("complete") / "home")
    for name in late:
        shutil.copy2(sample / "extracts" / name, home / "extracts" / name)
    invoices = last_file(home, "invoices")
    whole = invoices.read_bytes()
    invoices.write_bytes(whole[:-200])
    assert kaw("run", "--home", home).exit_code == 1
    invoices.write_bytes(whole)
    result = kaw("run", "--home", home)
    assert result.exit_code == 0, result.output
    return home


@pytest.fixture
def home(published_home, tmp_path):
    """A copy of the published home that a test may change."""
    return copy_home(published_home, tmp_path / "home")
