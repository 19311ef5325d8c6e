"""Warehouses of the revenue tests, one project parse for all of them."""

import pytest
from ledger_warehouse import Warehouse


@pytest.fixture(scope="session")
def dbt_target(tmp_path_factory):
    """One target folder for all, so that the project is parsed once."""
    return tmp_path_factory.mktemp("dbt_target")


@pytest.fixture
def warehouse(tmp_path, dbt_target):
    return Warehouse(tmp_path / "home", dbt_target)
