"""The key-account archive a second time, in pandas from what was delivered."""

import duckdb
import pandas as pd
import pytest

pytestmark = pytest.mark.xdist_group("service")

BASIC = ["account_name", "customer_code", "segment", "industry", "region"]
EXTENDED = [
    "employee_band", "annual_revenue", "credit_grade", "service_mode", "long_term_intent",
    "price_sensitivity",
]  # fmt: skip
GROUPS = ("basic", "extended", "people", "competitors")


@pytest.fixture(scope="module")
def tables(complete_home) -> dict[str, pd.DataFrame]:
    """Deliveries as they lie in raw, with the day each was known, and what was published."""
    path = complete_home / "warehouse" / "key_accounts.duckdb"
    queries = {
        name: f"""
            select rows.*, coalesce(files.delivered_on, files.period_end, files.known_from) as known
            from raw_crm.{name} as rows
            inner join raw_meta.extract_files as files
                on rows.load_file_id = files.file_id and files.status = 'loaded'
        """
        for name in ("accounts", "contacts", "competitor_positions", "activities", "account_events")
    } | {
        "identities": "from intermediate.int_account_identities",
        "published": "from marts.rpt_archive_month where is_closed_month",
        "changes": "from marts.fct_archive_changes",
        "key_accounts": "select customer_key, reporting_month from marts.fct_customer_classes"
        " where scheme = 'key_account' and class_as_known = 'key_account'",
    }  # fmt: skip
    with duckdb.connect(str(path), read_only=True) as connection:
        found = {name: connection.sql(query).df() for name, query in queries.items()}
    for name in ("accounts", "contacts", "competitor_positions", "activities", "account_events"):
        found[name] = found[name].merge(
            found["identities"][["account_id", "customer_key", "is_primary_account"]],
            on="account_id",
        )
    return found


def latest(rows: pd.DataFrame, key: str, end: pd.Timestamp) -> pd.DataFrame:
    """Of what was known at the end of a month, the latest version of every record."""
    known = rows[rows["known"] <= end].sort_values(["known", "load_line_number"])
    return known.drop_duplicates(key, keep="last")


def test_every_group_of_every_key_account_at_every_month_end(tables):
    published = tables["published"].set_index(["customer_key", "reporting_month", "archive_group"])
    months = sorted(tables["accounts"]["known"].unique())
    checked = 0
    for end in months:
        month = end - pd.DateOffset(months=1)
        keys = tables["key_accounts"]
        keys = keys.loc[keys["reporting_month"] == month, "customer_key"]
        if keys.empty:
            # Nobody is a key account before there is a year to judge by.
            continue
        accounts = latest(tables["accounts"], "account_id", end)
        accounts = accounts[accounts["is_primary_account"]].set_index("customer_key")
        people = latest(tables["contacts"], "contact_id", end)
        rivals = tables["competitor_positions"]
        rivals = rivals[rivals["noted_on"] < end]
        filled = pd.DataFrame(index=pd.Index(keys, name="customer_key"))
        filled["basic"] = accounts[BASIC].notna().sum(axis=1)
        filled["extended"] = accounts[EXTENDED].notna().sum(axis=1)
        flags = people.assign(
            contact=True,
            role=people["role"].notna(),
            decides=people["is_decision_maker"].eq(True),
            phone=people["phone"].notna(),
            consent=people["consent"].notna(),
        )
        filled["people"] = (
            flags.groupby("customer_key")[["contact", "role", "decides", "phone", "consent"]]
            .any().sum(axis=1)
        )  # fmt: skip
        flags = rivals.assign(
            rival=True, share=rivals["estimated_share"].notna(), grade=rivals["evidence"].notna()
        )
        filled["competitors"] = (
            flags.groupby("customer_key")[["rival", "share", "grade"]].any().sum(axis=1)
        )
        filled = filled.fillna(0)
        if not (tables["competitor_positions"]["known"] <= end).any():
            # Before the first list has come, nobody knows what it held.
            filled["competitors"] = None
        for customer, row in filled.iterrows():
            for group in GROUPS:
                count = published.loc[(customer, month, group), "filled_count"]
                assert pd.isna(count) if row[group] is None else count == row[group]
                checked += 1
    assert checked > 100


def test_a_month_with_a_review_is_updated_and_one_without_anything_is_not(tables):
    activities = tables["activities"].drop_duplicates("activity_id", keep="last")
    reviews = activities[activities["activity_type"] == "archive_review"]
    months = reviews["happened_at"].dt.to_period("M").dt.to_timestamp()
    reviewed = set(zip(reviews["customer_key"], months, strict=True))
    events = tables["account_events"].drop_duplicates("event_id", keep="last")
    known_months = events["known_on"].dt.to_period("M").dt.to_timestamp()
    noted = set(zip(events["customer_key"], known_months, strict=True))
    lists = {
        (row.customer_key, (row.known - pd.Timedelta(days=1)).to_period("M").to_timestamp())
        for row in tables["accounts"].itertuples()
    }
    judged = tables["published"].dropna(subset="is_updated_in_month")
    basic = judged[judged["archive_group"].isin(["basic", "extended"])]
    assert {True, False} <= set(basic["is_updated_in_month"])
    for row in basic.itertuples():
        key = (row.customer_key, row.reporting_month)
        assert (row.review_count > 0) == (key in reviewed)
        if row.is_updated_in_month:
            assert key in reviewed | noted | lists
        else:
            assert key not in reviewed


def test_planted_stale_fields_are_found_until_they_are_put_right_and_no_other(
    tables, complete_home
):
    truth = pd.read_csv(
        complete_home / "truth" / "stale_fields.csv", parse_dates=["corrected_month"]
    ).set_index("customer_code")
    basic = tables["published"].query("archive_group == 'basic' and is_known")
    corrected = (
        basic["customer_key"].map(truth["corrected_month"]).fillna(pd.Timestamp("2100-01-01"))
    )
    is_stale = basic["customer_key"].isin(truth.index) & (basic["reporting_month"] < corrected)
    assert is_stale.any()
    assert not is_stale.all()
    assert (basic["verified_count"] == 2).all()
    assert (basic["agreed_count"] == 2 - is_stale).all()
    logged = tables["changes"].query("field_code in ('region', 'industry')")
    put_right = truth.dropna(subset="corrected_month").reset_index()
    # A list tells of the month before the day it is known.
    put_right["known_on_date"] = put_right["corrected_month"] + pd.DateOffset(months=1)
    keys = ["account_id", "field_code", "known_on_date"]
    found = logged.set_index(keys)[["old_value", "new_value"]].sort_index()
    planted = put_right.set_index(keys)[["archive_value", "ledger_value"]].sort_index()
    assert found.index.equals(planted.index)
    assert (found.to_numpy() == planted.to_numpy()).all()


def test_every_renewal_of_a_contract_is_in_the_log(tables):
    accounts = tables["accounts"].sort_values(["account_id", "known"])
    before = accounts.groupby("account_id")["contract_end"].shift()
    renewed = accounts[before.notna() & (accounts["contract_end"] != before)]
    expected = {
        (row.account_id, row.known, str(row.contract_end.date())) for row in renewed.itertuples()
    }
    logged = tables["changes"][tables["changes"]["field_code"] == "contract_end"]
    assert {
        (row.account_id, row.known_on_date, row.new_value) for row in logged.itertuples()
    } == expected
    assert expected
