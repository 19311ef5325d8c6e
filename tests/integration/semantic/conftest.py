"""A published release to ask metrics of, with what a young sample has not got yet."""

import shutil
from types import SimpleNamespace

import duckdb
import pytest

from orchestration.home import Home
from orchestration.semantic import open_release

# The last month is opened: counts stay, rates go. Then what a small company of fourteen months has
# not got: a year's windows and losses take the figures of a quarter's, some defections become a
# year old, some customers say what they spend elsewhere, and shares of it move.
CHANGES = """
update dim_months set is_closed_month = false where reporting_month = $last;
update dim_days set is_closed_month = false where reporting_month = $last;
update rpt_churn_month set
    mature_episode_count = 5 + month(reporting_month),
    false_defection_count = 3,
    false_defection_rate = 3.0::double / (5 + month(reporting_month));
update rpt_churn_month set is_closed_month = false, churn_rate = null, false_defection_rate = null
where reporting_month = $last;
delete from rpt_churn_by_class where horizon = 'trailing_year';
update rpt_churn_by_class set horizon = 'trailing_year' where horizon = 'quarter';
update rpt_churn_by_class set is_closed_month = false, churn_rate = null, revenue_churn_rate = null
where reporting_month = $last;
update rpt_cohort_retention set is_closed_month = false, retention_rate = null
where reporting_month = $last;
update rpt_repeat_share set
    is_closed_month = false, repeat_order_share = null, repeat_revenue_share = null
where reporting_month = $last;
update rpt_failure_frequency_month set is_closed_month = false, rate_per_1000 = null
where reporting_month = $last;
insert into fct_wallets by name
select
    customer_key,
    'Pumps' as product_category,
    date '2025-01-01' as period_start_date,
    date '2026-01-01' as period_end_date,
    true as is_stated,
    1000.0003 + number as wallet_amount,
    if(number % 5 > 0, 250.5 * number, null) as own_net_revenue,
    least(own_net_revenue::double / wallet_amount::double, 1) as sow
from (select customer_key, row_number() over (order by customer_key) as number from dim_customers);
update rpt_sow_movement_month set
    start_customer_count = 20,
    valid_customer_count = 6 + month(reporting_month),
    up_customer_count = 3,
    flat_customer_count = 2,
    down_customer_count = 1 + month(reporting_month);
update rpt_sow_movement_month set
    coverage_share = valid_customer_count / start_customer_count,
    up_rate = up_customer_count / valid_customer_count,
    flat_rate = flat_customer_count / valid_customer_count,
    down_rate = down_customer_count / valid_customer_count;
update rpt_revenue_retention_windows as year set
    start_amount = quarter.start_amount,
    contraction_amount = quarter.contraction_amount,
    churned_amount = quarter.churned_amount,
    expansion_amount = quarter.expansion_amount,
    end_amount = quarter.end_amount,
    gross_retention_rate = quarter.gross_retention_rate,
    net_retention_ratio = quarter.net_retention_ratio
from rpt_revenue_retention_windows as quarter
where year.window_months = 12 and quarter.window_months = 3
    and year.reporting_month = quarter.reporting_month;
update rpt_revenue_retention_windows set
    is_closed_month = false, gross_retention_rate = null, net_retention_ratio = null
where reporting_month = $last;
"""


@pytest.fixture(scope="session")
def asked_home(published_home, tmp_path_factory):
    """A home with a release whose last month is open, and nothing but what metrics need."""
    published = Home.at(published_home)
    home = Home.at(tmp_path_factory.mktemp("asked") / "home")
    home.current_release.parent.mkdir(parents=True)
    home.dbt_target.mkdir(parents=True)
    shutil.copyfile(published.current_release, home.current_release)
    manifest = "semantic_manifest.json"
    shutil.copyfile(published.dbt_target / manifest, home.dbt_target / manifest)
    with duckdb.connect(str(home.current_release)) as connection:
        last = connection.execute("select max(reporting_month) from dim_months").fetchone()[0]
        for statement in CHANGES.split(";")[:-1]:
            parameters = {"last": last} if "$last" in statement else None
            connection.execute(statement, parameters)
    home.current_release.chmod(0o444)
    return home


@pytest.fixture(scope="session")
def release(asked_home):
    """The release as the semantic layer sees it, and a plain connection to the same file."""
    with (
        open_release(asked_home) as opened,
        duckdb.connect(str(asked_home.current_release), read_only=True) as connection,
    ):
        yield SimpleNamespace(engine=opened.engine, client=opened.client, connection=connection)
