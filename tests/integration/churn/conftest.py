"""Warehouses built once for all tests of the churn and retention marts."""

from pathlib import Path

import pandas as pd
import pytest
from built_warehouse import BuiltWarehouse, build_warehouse
from edge_cases import write_edge_cases
from sample_frames import ask

from orchestration.sample import SampleSummary, generate

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


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> SampleSummary:
    """Three years of a sample company: movements of share need two wallets a year apart."""
    return generate(tmp_path_factory.mktemp("company") / "home", scale=0.2, months=36)


@pytest.fixture(scope="session")
def built(company: SampleSummary, tmp_path_factory: pytest.TempPathFactory) -> BuiltWarehouse:
    """Their marts. The wallet model is on: what is stated must come out as if it were not."""
    folder = tmp_path_factory.mktemp("company_marts")
    mapping = company.extracts / "mapping.yml"
    return build_warehouse(folder, company.extracts, mapping, {"wallet_model": True})


@pytest.fixture(scope="session")
def merged(built: BuiltWarehouse) -> set[str]:
    """Customers into which another was merged."""
    frame = ask(
        built,
        "select distinct customer_key from intermediate.int_customer_identities"
        " where customer_key in (select customer_key from intermediate.int_customer_identities"
        "  where is_absorbed)",
    )
    return set(frame["customer_key"])


@pytest.fixture(scope="session")
def spine(built: BuiltWarehouse) -> pd.DataFrame:
    """Customers and months with what the loyalty marts start from."""
    return ask(
        built,
        "select m.*, s.is_live from marts.fct_customer_months as m"
        " inner join seeds.customer_states as s using (customer_state)",
    )
