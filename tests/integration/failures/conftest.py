"""What the second computations read: facts of a sample company's home, and the policies."""

import duckdb
import pandas as pd
import pytest
from policy_seeds import seed


@pytest.fixture(scope="module")
def policies() -> dict[str, float]:
    return {row["parameter"]: float(row["value"]) for row in seed("policies/failure_policies")}


@pytest.fixture(scope="module")
def read(complete_home):
    path = complete_home / "warehouse" / "key_accounts.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        yield lambda query: connection.sql(query).df()


@pytest.fixture(scope="module")
def episodes(read) -> pd.DataFrame:
    """Defections with the class the customer had when they began."""
    found = read("from marts.fct_defections")
    classes = read(
        "select customer_key, class_month, abcd_class, core_class"
        " from intermediate.int_customer_classes where edition = 'as_known'"
    ).rename(columns={"class_month": "began_month"})
    joined = found.merge(classes, how="left", on=["customer_key", "began_month"])
    return joined.assign(
        customer_class=joined.abcd_class.fillna("unknown"),
        lost_margin=joined.lost_margin_t12.astype(float),
    )
