"""A company that has a ledger and nothing else: it publishes, and says what it does not know."""

import shutil

import duckdb
import pytest
from pipeline_support import copy_home, kaw

# Together, or a second worker would wait for the home that the first one builds.
pytestmark = pytest.mark.xdist_group("ledger_only")
CRM_FACTS = ("fct_cases", "fct_touchpoints", "fct_survey_answers", "fct_account_events")


@pytest.fixture(scope="module")
def ledger_home(late_extracts, once):
    """A home that published the sample's ledger without receipts and deliveries."""
    sample, _late = late_extracts

    def fill(folder):
        home = copy_home(sample, folder / "home")
        shutil.rmtree(home / "extracts" / "crm")
        for table in ("receipts", "deliveries"):
            shutil.rmtree(home / "extracts" / "ledger" / table)
        result = kaw("run", "--home", home)
        assert result.exit_code == 0, result.output

    return once("ledger_only", fill) / "home"


@pytest.fixture(scope="module")
def release(ledger_home):
    """The published release, to ask."""
    path = ledger_home / "published" / "current" / "key_accounts.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        yield lambda query: connection.execute(query).fetchall()


def test_what_the_ledger_tells_is_there(release):
    (months,) = release("select count(distinct reporting_month) from fct_customer_months")
    (churn,) = release("select count(churn_rate) from rpt_churn_month")
    assert months == (14,)
    assert churn[0] > 0


def test_what_nobody_delivered_is_empty(release):
    for fact in (*CRM_FACTS, "fct_receipts", "fct_deliveries", "fct_wallets"):
        assert release(f"select count(*) from {fact}") == [(0,)]


def test_what_needs_a_crm_is_unknown_and_never_zero(release):
    assert release("select distinct sow_t12, wallet_t12 from fct_customer_months") == [(None, None)]


def test_inputs_that_nobody_delivered_are_known_of_nobody(release):
    known = dict(release("select input, sum(known_count) from rpt_data_coverage group by 1"))
    assert {name for name, count in known.items() if count} >= {"cost", "class"}
    nobody = ("wallet", "survey", "contact", "payment", "owner")
    assert {name: known[name] for name in nobody} == dict.fromkeys(nobody, 0)
