"""Warehouses built once for all tests of the churn and retention marts."""

from pathlib import Path

import pytest
from built_warehouse import BuiltWarehouse, build_warehouse
from edge_cases import write_edge_cases

ONLINE_RETAIL = Path(__file__).resolve().parents[4] / "shared" / "data" / "online_retail"


@pytest.fixture(scope="session")
def online_retail() -> Path:
    """Folder of the real ledger."""
    if not ONLINE_RETAIL.is_dir():
        pytest.skip("the real ledger (shared/data/online_retail) is not beside the repository")
    return ONLINE_RETAIL


@pytest.fixture(scope="session")
def real_marts(online_retail: Path, tmp_path_factory: pytest.TempPathFactory) -> BuiltWarehouse:
    """The real ledger through the shipped mapping and the models, data tests included."""
    return build_warehouse(tmp_path_factory.mktemp("real"), online_retail, "online_retail")


@pytest.fixture(scope="session")
def edge_case_marts(tmp_path_factory: pytest.TempPathFactory) -> BuiltWarehouse:
    """A company with one customer for each edge case."""
    folder = tmp_path_factory.mktemp("edge_cases")
    mapping = write_edge_cases(folder / "extracts")
    return build_warehouse(folder, folder / "extracts", mapping)
