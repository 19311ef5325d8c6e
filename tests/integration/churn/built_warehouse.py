"""Loads a folder of extracts and builds the churn and retention marts from it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb
from shared_parse import share_parse

from orchestration.loading import load_contract, load_extracts, load_mapping

ROOT = Path(__file__).resolve().parents[3]
MARTS = (
    "+rpt_churn_month",
    "+fct_defections",
    "+path:models/marts/tiers",
    "+dim_classes",
    "+dim_customers",
    "+path:models/marts/churn",
    "+rpt_cohort_retention",
    "+rpt_revenue_retention",
    "+rpt_tenure_survival",
    "+rpt_winback",
    "+rpt_winback_by_class",
    "+fct_second_lifetimes",
    "+fct_collections",
    "+rpt_staff_customer_correlation",
    "+rpt_repeat_share",
    "+rpt_revenue_bridge",
    "+rpt_segment_profit",
    "+rpt_service_level_fit",
    "+rpt_new_vs_existing_economics",
    "+rpt_purchase_profile",
    "+path:models/marts/wallets",
    "+path:models/marts/loyalty",
    "+rpt_claim_scoreboard",
    "+int_ledger_totals",
    "+rpt_data_coverage",
)
TESTED = (
    "path:tests/dbt/retention,test_type:data",
    "path:models/intermediate/customer_months,test_type:data",
    "path:models/intermediate/defections,test_type:data",
    "path:models/intermediate/retention,test_type:data",
    "path:models/intermediate/classes,test_type:data",
    "path:models/intermediate/wallets,test_type:data",
    "path:models/marts/wallets,test_type:data",
    "path:models/marts/loyalty,test_type:data",
    "path:models/marts/claims,test_type:data",
    "fct_customer_months,test_type:data",
    "fct_collections,test_type:data",
    "rpt_staff_customer_link,test_type:data",
    "rpt_staff_customer_correlation,test_type:data",
    "path:models/marts/churn,test_type:data",
    "path:models/marts/retention,test_type:data",
    "path:models/marts/tiers,test_type:data",
    "path:tests/dbt/churn,test_type:data",
    "path:tests/dbt/tiers,test_type:data",
)


class BuiltWarehouse:
    """A warehouse file to ask questions of."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self, query: str) -> list[tuple]:
        """Run a query and return all its rows."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def column(self, query: str) -> list:
        """Run a query and return its first column."""
        return [row[0] for row in self.rows(query)]

    def states(self, customer_key: str, *months: str) -> list[str]:
        """States of a customer at the ends of the given months, YYYY-MM."""
        found = dict(
            self.rows(
                "select strftime(reporting_month, '%Y-%m'), customer_state"
                f" from marts.fct_customer_months where customer_key = '{customer_key}'"
            )
        )
        return [found[month] for month in months] if months else list(found.values())


def build_warehouse(
    folder: Path,
    extracts: Path,
    mapping: str | Path,
    variables: Mapping[str, object] | None = None,
) -> BuiltWarehouse:
    """Load extracts and build the marts with their data tests; fails with dbt's own words.

    Args:
        folder: Where the warehouse goes.
        extracts: Folder of the extracts.
        mapping: Name or file of their mapping.
        variables: dbt vars that differ from the project's; with any, dbt parses anew.
    """
    path = folder / "key_accounts.duckdb"
    with duckdb.connect(str(path)) as connection:
        load_extracts(connection, extracts, load_mapping(mapping), load_contract())
    environment = os.environ | {
        "KAW_WAREHOUSE": str(path),
        "KAW_TEMP_DIRECTORY": str(folder / "tmp"),
        "DBT_PROFILES_DIR": str(ROOT),
    }
    share_parse(folder / "target", environment)
    # One start of dbt for seeds, models and the tests named: its start takes as long as a mart.
    done = subprocess.run(
        [
            sys.executable, "-m", "orchestration.dbt.process", "--quiet", "build",
            "--indirect-selection", "empty", "--select", "resource_type:seed", *MARTS, *TESTED,
            "--target-path", str(folder / "target"), "--log-path", str(folder / "logs"),
            *(["--vars", json.dumps(dict(variables))] if variables else []),
        ],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return BuiltWarehouse(path)
