"""Homes of a small sample company, shared by the tests that run the whole pipeline.

Building one takes a minute, so it happens once, whatever number of workers share the tests; a test
that changes anything works on a copy.
"""

import fcntl
import os
import shutil

import pytest
from pipeline_support import LAST_MONTH, SAMPLE, copy_home, kaw, last_file


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Make a folder with a function that fills it, the first time any worker asks for it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def make(name, fill):
        folder = shared / name
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (shared / f"{name}.done").exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                (shared / f"{name}.done").touch()
        return folder

    return make


@pytest.fixture(scope="session")
def late_extracts(once):
    """The sample's extracts, and those files of them that arrive a month later."""

    def fill(folder):
        result = kaw("sample", "--home", folder / "home", *SAMPLE)
        assert result.exit_code == 0, result.output

    home = once("sample", fill) / "home"
    late = [
        path.relative_to(home / "extracts")
        for path in (home / "extracts").rglob("*")
        if path.is_file() and path.name.startswith(LAST_MONTH)
    ]
    assert late
    return home, late


@pytest.fixture(scope="session")
def published_home(late_extracts, once):
    """A home that published everything but the last month. Read it; change only copies.

    Its run was told where extracts and mapping are, elsewhere; they lie in the home as well.
    """
    sample, late = late_extracts

    def fill(folder):
        home = copy_home(sample, folder / "home")
        for name in late:
            (home / "extracts" / name).unlink()
        elsewhere, mapping = folder / "elsewhere", folder / "ours.yml"
        shutil.copytree(home / "extracts", elsewhere)
        shutil.move(elsewhere / "mapping.yml", mapping)
        result = kaw("run", "--home", home, "--extracts", elsewhere, "--mapping", mapping)
        assert result.exit_code == 0, result.output
        shutil.rmtree(elsewhere)

    return once("published", fill) / "home"


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
def complete_home(late_extracts, published_home, once):
    """A home that published all months, the last one on its own. Read it; change only copies.

    Its last month came broken first, and whole at the second attempt.
    """
    sample, late = late_extracts

    def fill(folder):
        home = copy_home(published_home, folder / "home")
        for name in late:
            shutil.copy2(sample / "extracts" / name, home / "extracts" / name)
        invoices = last_file(home, "invoices")
        whole = invoices.read_bytes()
        invoices.write_bytes(whole[:-200])
        assert kaw("run", "--home", home).exit_code == 1
        invoices.write_bytes(whole)
        result = kaw("run", "--home", home)
        assert result.exit_code == 0, result.output

    return once("complete", fill) / "home"


@pytest.fixture
def home(published_home, tmp_path):
    """A copy of the published home that a test may change."""
    return copy_home(published_home, tmp_path / "home")
