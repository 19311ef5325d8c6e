"""Fixtures of the orchestration's own tests."""

import os

import pytest
from shared_parse import share_parse

from orchestration.dbt.arguments import build_environment
from orchestration.definitions import build_defs
from orchestration.home import Home
from orchestration.settings import Settings


@pytest.fixture(scope="session")
def parsed_home(tmp_path_factory):
    """A home whose dbt manifest is parsed; parsing takes seconds, so tests share it."""
    home = Home.at(tmp_path_factory.mktemp("parsed")).prepare()
    share_parse(home.dbt_target, os.environ | build_environment(home, Settings()))
    return home


@pytest.fixture(scope="session")
def definitions(parsed_home):
    return build_defs(parsed_home)
