"""What happens around customers a second time, in pandas from what was delivered."""

import duckdb
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

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
    "customers": "from marts.dim_customers",
    "key_accounts": "select customer_key, reporting_month from marts.fct_customer_classes"
    " where scheme = 'key_account' and class_as_known = 'key_account'",
    "qualified": "select customer_key, min(reporting_month) as qualified"
    " from marts.fct_customer_classes where scheme = 'key_account'"
    " and class_as_known = 'key_account' group by customer_key",
    "wins": "from marts.rpt_lighthouse",
    "employees": "from marts.dim_employees where is_listed and team is not null",
    "assignments": "select distinct account_id, employee_id, assigned_from, assigned_to"
    " from staging.stg_crm__account_assignments where role = 'owner'",
    "states": "select customer_key, reporting_month, customer_state, customer_state_at_start"
    " from marts.fct_customer_months",
    "live": "select customer_state from seeds.customer_states where is_live",
    "teams": "from marts.rpt_staff_customer_link",
    "correlations": "from marts.rpt_staff_customer_correlation",
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


def test_newcomers_before_and_after_a_key_account_was_won(tables):
    customers, calendar = tables["customers"], tables["calendar"].iloc[0]
    seen = customers["is_history_truncated"].ne(True) & customers["first_purchase_date"].notna()
    newcomers = customers[seen & ~customers["is_internal"]]
    won = customers[seen & customers["industry"].notna()].merge(tables["qualified"])
    apart = won["qualified"].dt.to_period("M").astype("int64") - won[
        "first_purchase_date"
    ].dt.to_period("M").astype("int64")
    won = won[apart <= 24].set_index("customer_key")
    published = tables["wins"].set_index("customer_key")
    assert set(published.index) == set(won.index)
    for key, told in published.iterrows():
        day, year = won.at[key, "first_purchase_date"], pd.DateOffset(months=12)
        if day - year < calendar["first_month"] or day + year >= calendar["data_complete_through"]:
            assert not told["is_window_complete"]
            assert pd.isna(told["new_after_count"])
            continue
        others = newcomers[newcomers["group_customer_key"] != won.at[key, "group_customer_key"]]
        for side, first, last in (
            ("before", day - year, day - pd.Timedelta(days=1)),
            ("after", day + pd.Timedelta(days=1), day + year),
        ):
            came = others[others["first_purchase_date"].between(first, last)]
            same = came["industry"] == won.at[key, "industry"]
            assert told[f"new_{side}_count"] == same.sum()
            assert told[f"other_{side}_count"] == (~same & came["industry"].notna()).sum()


def test_people_and_customers_a_team_keeps(tables):
    owners = tables["assignments"].merge(tables["identities"])
    owners = owners.merge(
        tables["employees"], left_on="employee_id", right_on="employee_key", how="left"
    )
    states = tables["states"].set_index(["customer_key", "reporting_month"])
    quarters = tables["teams"].groupby("quarter_month")
    for quarter, rows in quarters:
        end = quarter + pd.DateOffset(months=3)
        months = tables["states"][tables["states"]["reporting_month"] == quarter]
        live = months[months["customer_state_at_start"].isin(tables["live"]["customer_state"])]
        owned = owners[owners["assigned_from"] <= quarter].sort_values(
            ["assigned_from", "employee_id_x"], ascending=[False, True]
        )
        owned = owned.drop_duplicates("customer_key").set_index("customer_key")
        held = owned["assigned_to"].isna() | (owned["assigned_to"] >= quarter)
        team = live["customer_key"].map(owned.loc[held, "team"])
        keys = tables["key_accounts"]
        is_key = live["customer_key"].isin(
            keys.loc[keys["reporting_month"] == quarter, "customer_key"]
        )
        for told in rows.itertuples():
            staff = tables["employees"]
            staff = staff[
                (staff["team"] == told.team)
                & (staff["hired_date"] < quarter)
                & ~(staff["left_date"] < quarter)
            ]
            assert told.staff_start_count == len(staff)
            assert told.staff_left_count == (staff["left_date"] < end).sum()
            mine = live.loc[team == told.team, "customer_key"]
            assert told.customer_start_count == len(mine)
            if pd.notna(told.key_account_start_count):
                assert told.key_account_start_count == is_key[team == told.team].sum()
                if is_key.any():
                    share = is_key[team == told.team].sum() / is_key.sum()
                    assert told.key_account_team_share == pytest.approx(share)
            if mine.empty or not told.is_closed_quarter:
                assert pd.isna(told.customer_retention_rate)
            else:
                last = end - pd.DateOffset(months=1)
                at_end = states.loc[[(key, last) for key in mine], "customer_state"]
                lost = (at_end == "defected_full").sum()
                assert told.customer_lost_count == lost
                assert told.customer_retention_rate == pytest.approx(1 - lost / len(mine))
                gone = at_end.droplevel(1) == "defected_full"
                ours = set(live.loc[is_key & (team == told.team), "customer_key"])
                if ours and pd.notna(told.key_account_start_count):
                    lost = gone[gone.index.isin(ours)].sum()
                    low, high = proportion_confint(len(ours) - lost, len(ours), method="wilson")
                    assert told.key_account_lost_count == lost
                    assert told.key_account_retention_rate == pytest.approx(1 - lost / len(ours))
                    assert told.key_account_retention_low_rate == pytest.approx(low, abs=1e-9)
                    assert told.key_account_retention_high_rate == pytest.approx(high, abs=1e-9)
    assert tables["teams"]["customer_start_count"].sum() > 0
    assert tables["teams"]["key_account_start_count"].sum() > 0


@pytest.mark.parametrize("lag", [0, 1])
def test_correlation_of_people_and_customers(tables, lag):
    teams = tables["teams"][["team", "quarter_month", "staff_retention_rate"]]
    later = tables["teams"][["team", "quarter_month", "customer_retention_rate"]].copy()
    later["quarter_month"] -= pd.DateOffset(months=3 * lag)
    points = teams.merge(later, on=["team", "quarter_month"]).dropna()
    told = tables["correlations"].set_index("lag_quarters").loc[lag]
    assert told["point_count"] == len(points) >= 10
    expected = stats.pearsonr(points["staff_retention_rate"], points["customer_retention_rate"])
    interval = expected.confidence_interval()
    assert told["correlation"] == pytest.approx(expected.statistic, abs=1e-7)
    assert told["correlation_low"] == pytest.approx(interval.low, abs=1e-6)
    assert told["correlation_high"] == pytest.approx(interval.high, abs=1e-6)
