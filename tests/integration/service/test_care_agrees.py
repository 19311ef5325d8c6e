"""Care owed, contacts by stage and what became of complaints a second time, in pandas and scipy."""

import duckdb
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

pytestmark = pytest.mark.xdist_group("service")

FORTNIGHT = pd.Timedelta(days=14)
HALF_YEAR = pd.Timedelta(days=180)
LANDMARK_MINUTES = 30 * 1440
WASHOUT_MONTHS = 6
QUERIES = {
    "months": "from marts.dim_months",
    "calendar": "from intermediate.int_reporting_calendar",
    "touchpoints": "from marts.fct_touchpoints",
    "owed": "from marts.rpt_owed_care_month where customer_group = 'all'",
    "stages": "from marts.rpt_touchpoint_stage_month",
    "exposures": "from intermediate.int_customer_stages",
    "orders": "select customer_key, document_date, reporting_month"
    " from intermediate.int_customer_days where is_purchase_day",
    "buyers": "from intermediate.int_loss_followups",
    "cases": "from marts.fct_cases where case_type = 'complaint' and handling_status <> 'merged'"
    " and customer_key is not null",
    "answers": "from intermediate.int_account_answers"
    " where question = 'overall' and account_level is not null",
    "outcomes": "from marts.rpt_complaint_defection",
    # What the deliveries said of people, in the order they came.
    "contacts": """
        select
            contacts.contact_id, identities.customer_key, contacts.birthday, contacts.consent,
            coalesce(files.delivered_on, files.period_end, files.known_from) as known_on
        from raw_crm.contacts as contacts
        inner join raw_meta.extract_files as files
            on contacts.load_file_id = files.file_id and files.status = 'loaded'
        inner join intermediate.int_account_identities as identities using (account_id)
    """,
    "greetings": "select distinct contact_id, date_trunc('month', happened_at) as reporting_month"
    " from staging.stg_crm__activities"
    " where activity_type = 'care_greeting' and happened_at is not null and contact_id is not null",
}


def read_tables(path) -> dict[str, pd.DataFrame]:
    """Read what was delivered and what was published."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {name: connection.sql(query).df() for name, query in QUERIES.items()}


@pytest.fixture(scope="module")
def tables(complete_home):
    return read_tables(complete_home / "warehouse" / "key_accounts.duckdb")


def test_what_was_planned_and_what_was_held(tables):
    planned = tables["touchpoints"].query("is_planned")
    groups = planned.groupby(["reporting_month", "activity_type"])["is_held"]
    owed = tables["owed"].set_index(["reporting_month", "care_kind"])
    kinds = owed.index.get_level_values("care_kind")
    told = owed[~kinds.isin(["order_follow_up", "birthday_greeting"])]
    assert len(told) == len(groups.size()) > 20
    assert (told["due_count"] == groups.size().reindex(told.index)).all()
    assert (told["done_count"] == groups.sum().reindex(told.index)).all()
    for row in told[told["is_closed_month"]].itertuples():
        interval = proportion_confint(row.done_count, row.due_count, method="wilson")
        assert (row.done_low_rate, row.done_high_rate) == pytest.approx(interval, abs=1e-9)


def test_orders_somebody_asked_after_within_the_fortnight(tables):
    asked = tables["touchpoints"]
    asked = asked[
        asked["is_human"] & asked["activity_type"].isin(["follow_up", "satisfaction_call"])
    ]
    days = asked.assign(day=asked["happened_at"].dt.normalize()).groupby("customer_key")["day"]
    days = days.agg(list).to_dict()
    orders = tables["orders"]
    orders = orders[orders["reporting_month"] >= tables["touchpoints"]["reporting_month"].min()]
    orders = orders.assign(
        done=[
            any(order.document_date <= day <= order.document_date + FORTNIGHT
                for day in days.get(order.customer_key, []))
            for order in orders.itertuples()
        ]
    )  # fmt: skip
    expected = orders.groupby("reporting_month")["done"].agg(["size", "sum"])
    told = tables["owed"].query("care_kind == 'order_follow_up'").set_index("reporting_month")
    assert (told["due_count"] == expected["size"].reindex(told.index)).all()
    assert (told["done_count"] == expected["sum"].reindex(told.index)).all()
    # The fortnight after the last month is not over.
    assert told["done_rate"].isna().sum() == 1
    assert expected["sum"].sum() > 0


def test_people_greeted_in_the_month_of_their_birthday(tables):
    greeted = set(tables["greetings"].itertuples(index=False, name=None))
    live = tables["exposures"].query("lifecycle_stage != 'lost'")
    live = set(live[["customer_key", "reporting_month"]].itertuples(index=False, name=None))
    told = tables["owed"].query("care_kind == 'birthday_greeting'").set_index("reporting_month")
    for month, row in told.iterrows():
        end = month + pd.DateOffset(months=1)
        people = tables["contacts"]
        people = people[people["known_on"] <= end].sort_values("known_on")
        people = people.drop_duplicates("contact_id", keep="last")
        people = people[people["birthday"].dt.month == month.month]
        people = people[[(key, month) in live for key in people["customer_key"]]]
        done = people["contact_id"].map(lambda contact, month=month: (contact, month) in greeted)
        agreed = people["consent"].eq(True)
        assert row["due_count"] == agreed.sum()
        if greeted:
            assert row["done_count"] == (done & agreed).sum()
            assert row["unasked_count"] == (done & ~agreed).sum()
    assert told["due_count"].sum() > 10


def test_most_of_the_birthdays_of_the_sample_are_greeted(tables):
    """The generator greets three quarters of those who agreed, and few of the others."""
    told = tables["owed"].query("care_kind == 'birthday_greeting'")
    low, high = proportion_confint(told["done_count"].sum(), told["due_count"].sum(), alpha=0.001)
    assert low < 0.75 < high


def test_contacts_by_the_days_spent_in_a_stage(tables):
    held = tables["touchpoints"].query("is_held and not is_repeat")
    spoken = held.query("is_human").groupby(["reporting_month", "lifecycle_stage"]).size()
    days = (
        tables["exposures"].groupby(["reporting_month", "lifecycle_stage"])["exposure_days"].sum()
    )
    length = tables["months"].set_index("reporting_month")["days_in_month"]
    checked = 0
    for row in tables["stages"].query("is_closed_month").itertuples():
        key = (row.reporting_month, row.lifecycle_stage)
        count = spoken.get(key, 0)
        assert row.human_count == count
        if not days.get(key, 0):
            assert pd.isna(row.human_per_customer_month)
            continue
        months = days[key] / length[row.reporting_month]
        assert row.human_per_customer_month == pytest.approx(count / months)
        low = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0
        high = stats.chi2.ppf(0.975, 2 * count + 2) / 2
        assert row.human_low_per_customer_month == pytest.approx(low / months, rel=1e-6)
        assert row.human_high_per_customer_month == pytest.approx(high / months, rel=1e-6)
        checked += 1
    assert checked > 20


def test_what_became_of_those_who_complained(tables):
    buyers, cases = tables["buyers"], tables["cases"]
    complained = cases.groupby("customer_key")["reporting_month"].agg(set).to_dict()
    judged = cases[cases["followed_minutes"] > LANDMARK_MINUTES]
    solved = judged["resolution_minutes"].astype(float).le(LANDMARK_MINUTES) & judged[
        "handling_status"
    ].ne("closed_unsolved")
    rank = 3 - solved * (1 + judged["is_resolution_in_time"].eq(True))
    rank = rank.groupby([judged["customer_key"], judged["reporting_month"]]).max()
    words = {1: "resolved_in_time", 2: "resolved_late", 3: "unresolved"}

    def handling(customer, month):
        earlier = {
            (month.to_period("M") - one.to_period("M")).n for one in complained.get(customer, ())
        }
        recent = {ago for ago in earlier if 0 <= ago <= WASHOUT_MONTHS}
        if not recent:
            return "no_complaint"
        return words.get(rank.get((customer, month))) if recent == {0} else None

    buyers = buyers.assign(
        handling=[handling(b.customer_key, b.reporting_month) for b in buyers.itertuples()],
        end=buyers["reporting_month"] + pd.DateOffset(months=1),
    ).dropna(subset="handling")
    orders = tables["orders"].groupby("customer_key")["document_date"].agg(list).to_dict()
    answers = tables["answers"].sort_values("answered_on").groupby("customer_key")
    answers = {
        key: list(zip(a["answered_on"], a["account_level"], strict=True)) for key, a in answers
    }
    buyers["again"] = [
        any(b.end <= day < b.end + HALF_YEAR for day in orders.get(b.customer_key, ()))
        for b in buyers.itertuples()
    ]
    levels = [
        next((level for day, level in answers.get(b.customer_key, ())
              if b.end <= day < b.end + HALF_YEAR), None)
        for b in buyers.itertuples()
    ]  # fmt: skip
    buyers["satisfied"] = [None if level is None else float(level >= 4) for level in levels]
    buyers["satisfied"] = buyers["satisfied"].astype(float)
    keys = ["reporting_month", "customer_class"]
    others = buyers[buyers["handling"] == "no_complaint"].groupby(keys)
    rates = others[["is_lost", "again", "satisfied"]].mean().add_prefix("other_")
    cohort = buyers[buyers["handling"] != "no_complaint"].join(rates, on=keys, how="inner")
    outcomes = tables["outcomes"].set_index("handling")
    assert set(outcomes.index) - {"all"} == set(cohort["handling"])
    for way, row in outcomes.iterrows():
        mine = cohort if way == "all" else cohort[cohort["handling"] == way]
        count, lost, expected = len(mine), mine["is_lost"].sum(), mine["other_is_lost"].sum()
        assert (row["complained_count"], row["lost_count"]) == (count, lost)
        assert row["expected_lost_count"] == pytest.approx(expected, abs=1e-9)
        interval = proportion_confint(lost, count, method="wilson")
        assert (row["lost_low_rate"], row["lost_high_rate"]) == pytest.approx(interval, abs=1e-9)
        if expected:
            high = stats.chi2.ppf(0.975, 2 * lost + 2) / 2 / expected
            assert row["rate_ratio"] == pytest.approx(lost / expected)
            assert row["rate_ratio_high"] == pytest.approx(high, rel=1e-6)
        assert row["bought_again_count"] == mine["again"].sum()
        assert row["matched_bought_again_rate"] == pytest.approx(mine["other_again"].mean())
        asked = mine.dropna(subset=["satisfied", "other_satisfied"])
        assert (row["asked_count"], row["satisfied_count"]) == (
            len(asked), asked["satisfied"].sum()
        )  # fmt: skip
        if len(asked):
            other = asked["other_satisfied"].mean()
            assert row["matched_satisfied_rate"] == pytest.approx(other)
