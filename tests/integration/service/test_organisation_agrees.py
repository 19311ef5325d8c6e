"""What happens around customers a second time, in pandas from what was delivered."""

import duckdb
import pandas as pd
import pytest
from scipy import stats

pytestmark = pytest.mark.xdist_group("service")

QUERIES = {
    "events": "from raw_crm.account_events",
    "identities": "select account_id, customer_key from intermediate.int_account_identities",
    "calendar": "from intermediate.int_reporting_calendar",
    "buyers": "select customer_key, reporting_month from marts.fct_customer_months"
    " where is_active and is_closed_month",
    "defections": "select customer_key, effective_date from marts.fct_defections"
    " where defected_on is not null",
    "classes": "select customer_key, reporting_month, class_as_known"
    " from marts.fct_customer_classes where scheme = 'abcd'",
    "closures": "select customer_key, closed_on from intermediate.int_customer_closures",
    "effects": "from marts.rpt_life_event_effect",
}


def read_tables(path) -> dict[str, pd.DataFrame]:
    """Read what was delivered and what was published."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {name: connection.sql(query).df() for name, query in QUERIES.items()}


@pytest.fixture(scope="module")
def tables(complete_home):
    return read_tables(complete_home / "warehouse" / "key_accounts.duckdb")


def falls_within(months: pd.DataFrame, days: pd.DataFrame, column: str) -> pd.Series:
    """Tell which customer months are followed, within half a year, by one of the days."""
    pairs = months.reset_index().merge(days, on="customer_key")
    found = pairs[(pairs[column] >= pairs["end"]) & (pairs[column] < pairs["until"])]
    return months.index.isin(found["index"])


def test_losses_after_events_against_buyers_without_them(tables):
    calendar = tables["calendar"].iloc[0]
    buyers = tables["buyers"].merge(
        tables["classes"], on=["customer_key", "reporting_month"], how="left"
    )
    buyers["class"] = buyers["class_as_known"].fillna("unknown")
    buyers["end"] = buyers["reporting_month"] + pd.DateOffset(months=1)
    buyers["until"] = buyers["end"] + pd.Timedelta(days=180)
    buyers = buyers[buyers["until"] <= calendar["data_complete_through"]].reset_index(drop=True)
    buyers["lost"] = falls_within(buyers, tables["defections"], "effective_date")
    buyers["closed"] = falls_within(buyers, tables["closures"], "closed_on") & ~buyers["lost"]
    buyers["month"] = buyers["reporting_month"].dt.to_period("M")

    events = tables["events"].sort_values(["load_file_id", "load_line_number"])
    events = events.drop_duplicates("event_id", keep="last").merge(tables["identities"])
    since = events[["happened_on", "known_on"]].max(axis=1)
    events = events[since <= calendar["as_of_date"]].assign(month=since.dt.to_period("M"))

    published = tables["effects"].set_index("event_type")
    assert set(published.index) == set(events["event_type"])
    for event_type, rows in events.groupby("event_type"):
        told = published.loc[event_type]
        months = rows.groupby("customer_key")["month"].agg(set)
        assert told["event_count"] == months.map(len).sum()
        since = buyers["customer_key"].map(months)
        touched = [
            {(month - one).n for one in all_of if 0 <= (month - one).n <= 6}
            if isinstance(all_of, set)
            else set()
            for all_of, month in zip(since, buyers["month"], strict=True)
        ]
        is_control = pd.Series([not ago for ago in touched])
        exposed = buyers[[ago == {0} for ago in touched]]
        rates = buyers[is_control].groupby(["month", "class"])["lost"].mean().rename("rate")
        exposed = exposed.join(rates, on=["month", "class"], how="inner")
        assert told["exposed_count"] == len(exposed)
        if exposed.empty:
            assert pd.isna(told["lost_count"])
            continue
        lost, expected = exposed["lost"].sum(), exposed["rate"].sum()
        assert told["lost_count"] == lost
        assert told["closed_count"] == exposed["closed"].sum()
        assert told["expected_lost_count"] == pytest.approx(expected, abs=1e-9)
        if expected > 0:
            assert told["rate_ratio"] == pytest.approx(lost / expected)
            upper = stats.chi2.ppf(0.975, 2 * lost + 2) / 2
            assert told["rate_ratio_high"] == pytest.approx(upper / expected, rel=1e-6)
    assert published["exposed_count"].sum() > 0
