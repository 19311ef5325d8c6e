"""Fixtures of the orchestration's own tests."""

import pytest

from orchestration.definitions import build_defs
from orchestration.home import Home


@pytest.fixture(scope="session")
def parsed_home(tmp_path_factory):
    """A home whose dbt manifest is parsed; parsing takes seconds, so tests share it."""
    return Home.at(tmp_path_factory.mktemp("parsed")).prepare()


@pytest.fixture(scope="session")
def definitions(parsed_home):
    return build_defs(parsed_home)
