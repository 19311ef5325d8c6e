"""A customer on the list of erasures is in no release any more, and totals are what they were."""

import duckdb
import pytest
from pipeline_support import kaw

from orchestration.dbt.rules import known_rules, remember_rules
from orchestration.home import Home

pytestmark = pytest.mark.slow

TOTALS = """
    select reporting_month, start_customer_count, lost_customer_count
    from rpt_churn_month order by all
"""


def ask(home, query):
    release = home / "published" / "current" / "key_accounts.duckdb"
    with duckdb.connect(str(release), read_only=True) as connection:
        return connection.execute(query).fetchall()


def columns_with(home, words):
    """Name every published column that holds one of the words."""
    columns = ask(
        home,
        "select table_name, column_name from duckdb_columns() "
        "where data_type = 'VARCHAR' and not internal",
    )
    listed = ", ".join(f"'{word}'" for word in words)
    return [
        f"{table}.{column}"
        for table, column in columns
        if ask(home, f'select 1 from "{table}" where "{column}" in ({listed}) limit 1')
    ]


def test_an_erased_customer_leaves_every_release_and_no_total(home):
    before = ask(home, TOTALS)
    code, name = ask(
        home,
        "select customer_code, customer_name from dim_customers where account_id is not null "
        "order by customer_code limit 1",
    )[0]
    assert columns_with(home, [code])
    remember_rules(Home.at(home).spark, {"fct_invoice_lines": "as Spark built them"})
    (home / "erasures.csv").write_text(
        f"subject,identifier,tombstone\ncustomer,{code},erased-0001\n", "utf-8"
    )
    stopped = kaw("run", "--home", home)
    assert stopped.exit_code == 1
    assert f"names customer {code} and not its account" in stopped.output
    account = stopped.output.split("not its account ")[1].split(".")[0]
    with (home / "erasures.csv").open("a", encoding="utf-8") as file:
        file.write(f"account,{account},erased-0002\n")
    result = kaw("run", "--home", home)
    assert result.exit_code == 0, result.output
    assert columns_with(home, [code, account, name]) == []
    assert ask(home, "select customer_name from dim_customers where customer_code='erased-0001'")
    assert ask(home, TOTALS) == before
    assert len(list((home / "published" / "builds").iterdir())) == 1
    # What Spark built before knows the old names: its next build begins from nothing.
    assert known_rules(Home.at(home).spark) is None
