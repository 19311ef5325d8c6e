"""The claim scoreboard of a sample company, every measured claim a second time in pandas.

States, classes, quadrants and what customers bought are proven elsewhere and taken from the marts;
what the CRM knows is read from the extracts as they lie on disk. The claims on guarantees and
referrals are computed again in test_key_accounts_agree.py.
"""

from math import exp, floor, sqrt

import numpy as np
import pandas as pd
import pytest
from sample_frames import ask, extract, months_between
from statsmodels.stats.proportion import proportion_confint

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("churn_sample_wallets")]

MONTH, YEAR_START = pd.Timestamp("2025-12-01"), pd.Timestamp("2025-01-01")
END = pd.Timestamp("2026-01-01")
DISCOUNT, POINT, TENURE_BAND_MONTHS, REPURCHASE_DAYS = 0.10, 0.01, 24, 180
Z = 1.959963984540054
CARE = {"lack_of_care"}
TALK = {
    "communication_gap", "complaint_unresolved", "complaint_channel_blocked", "channel_conflict",
}  # fmt: skip
SERVICE = {"service_quality", "delivery", "competitor_service"}
PRODUCT = {"product_fit", "product_quality", "rd_lag", "competitor_product"}
PRICE = {"competitor_price"}


def census(value, count):
    """A figure of all customers has no interval."""
    return value, value, value, count


def share(part, whole):
    """A share of a sample, with the interval of statsmodels."""
    if not whole:
        return None, None, None, 0
    return (part / whole, *proportion_confint(part, whole, method="wilson"), whole)


def agree(scoreboard, expected):
    """Value, bounds and observations of claims are those computed here."""
    columns = ["measured_value", "measured_low", "measured_high", "observation_count"]
    for claim, figures in expected.items():
        found = [None if pd.isna(figure) else figure for figure in scoreboard.loc[claim, columns]]
        assert found == pytest.approx(list(figures), abs=1e-6), claim


@pytest.fixture(scope="module")
def scoreboard(built):
    return ask(
        built,
        "select board.*, claims.minimum_count from marts.rpt_claim_scoreboard as board"
        " inner join seeds.claims as claims using (claim_id)",
    ).set_index("claim_id")


@pytest.fixture(scope="module")
def survivors(built):
    """Which customer a code has become; merges are proven elsewhere."""
    return dict(
        built.rows(
            "select customer_code, customer_key from intermediate.int_customer_identities"
            " where customer_code is not null"
        )
    )


@pytest.fixture(scope="module")
def year(built, spine):
    """Customers at the end of the last closed year, and which of them are new."""
    truncated = ask(
        built, "select customer_key from marts.dim_customers where is_history_truncated"
    )
    frame = spine[spine["reporting_month"] == MONTH].set_index("customer_key").copy()
    frame["margin"] = frame["margin_t12"].astype(float)
    frame["revenue"] = frame["net_revenue_t12"].astype(float)
    frame["new"] = (frame["first_purchase_month"] >= YEAR_START) & ~frame.index.isin(
        truncated["customer_key"]
    )
    return frame


@pytest.fixture(scope="module")
def answers(built, company, survivors):
    """Opinions, one voice a customer and month, and whether it bought again in half a year."""
    told = extract(company, "survey_answers")
    told = told[(told["question"] == "overall") & told["level"].notna()]
    told = told.assign(customer_key=told["customer_key"].map(survivors))
    told["day"] = pd.to_datetime(told["answered_at"]).dt.normalize()
    told["month"] = told["day"].dt.to_period("M").dt.to_timestamp()
    voices = (
        told.groupby(["customer_key", "month"])
        .agg(level=("level", "mean"), day=("day", "max"))
        .reset_index()
    )
    bought = ask(
        built,
        "select customer_key, document_date::timestamp as day from intermediate.int_customer_days"
        " where is_purchase_day",
    )
    days = bought.groupby("customer_key")["day"].apply(lambda column: np.sort(column.to_numpy()))
    window = pd.Timedelta(days=REPURCHASE_DAYS)
    first = voices["customer_key"].map(days.str[0])
    voices = voices[first <= voices["day"]].copy()
    voices["mature"] = voices["day"] + window < END
    voices["again"] = [
        bool(((days[key] > day) & (days[key] <= day + window)).any())
        for key, day in zip(voices["customer_key"], voices["day"], strict=True)
    ]
    return voices


def top_fifth(amounts):
    positive = amounts[amounts > 0].sort_values(ascending=False)
    return census(
        positive.head(floor(0.2 * len(positive) + 0.5)).sum() / positive.sum(), len(positive)
    )


def test_who_brings_how_much(scoreboard, built, spine, year):
    """Concentration, key and major customers, and what was there before the year."""
    classes = ask(
        built,
        "select customer_key, class_restated as class from marts.fct_customer_classes"
        f" where scheme = 'kmgm' and reporting_month = date '{MONTH:%Y-%m-%d}'",
    ).set_index("customer_key")["class"]
    before = spine[spine["reporting_month"] == "2025-11-01"].set_index("customer_key")
    # Who costs more than it brings is left out of the base, or the best could bring more than all.
    margin = before["margin_t12"].astype(float).reindex(classes.index).clip(lower=0)
    best = classes.isin(["key", "major"])
    new = year["new"]
    ((orders, first_orders),) = built.rows(
        "select sum(order_count), sum(order_count) filter (where days.document_date = first.day)"
        " from intermediate.int_customer_days as days inner join ("
        "  select customer_key, min(document_date) as day from intermediate.int_customer_days"
        "  where is_purchase_day group by customer_key) as first using (customer_key)"
        f" where days.document_date >= date '{YEAR_START:%Y-%m-%d}'"
        f" and days.document_date < date '{END:%Y-%m-%d}'"
    )
    kept = year[~new & (year["last_purchase_date"] >= YEAR_START)]
    agree(
        scoreboard,
        {
            "revenue_80_20": top_fifth(year["revenue"]),
            "profit_80_20": top_fifth(year["margin"]),
            "key_and_major_80": census(margin[best].sum() / margin.sum(), margin.notna().sum()),
            "key_and_major_20": census(best.mean(), len(best)),
            "returning_profit_share": census(
                year.loc[~new, "margin"].sum() / year["margin"].sum(), new.sum() + len(kept)
            ),
            "repeat_share_65": share(int(orders - first_orders), int(orders)),
        },
    )


def test_what_winning_and_keeping_cost(scoreboard, company, year, survivors):
    money = extract(company, "account_investments").drop_duplicates("investment_id", keep="last")
    spent = pd.to_datetime(money["spent_on"])
    money = money[(spent >= YEAR_START) & (spent < END) & money["account_id"].notna()]
    assert set(money["currency"].dropna()) <= {"CNY"}
    winning = money.loc[money["kind"] == "acquisition", "amount"].sum()
    upkeep = money[money["kind"] != "acquisition"]
    old = upkeep["customer_key"].map(survivors).isin(year.index[~year["new"]])
    keeping = upkeep.loc[old, "amount"].sum()
    kept = (~year["new"] & (year["last_purchase_date"] >= YEAR_START)).sum()
    ratio = (winning / year["new"].sum()) / (keeping / kept)
    count = int(year["new"].sum())
    cost = census(ratio, count)
    agree(
        scoreboard,
        {
            "acquisition_5x": cost,
            "acquisition_6x": cost,
            "retention_one_fifth": census(1 / ratio, count),
            "retention_one_fifteenth": census(1 / ratio, count),
        },
    )


def test_what_a_point_of_churn_is_worth(scoreboard, spine):
    """A customer that stays with probability 1 - c is worth m (1 + d) / (c + d)."""
    start = spine[(spine["reporting_month"] == "2024-12-01") & spine["is_live"]]
    end = spine[spine["reporting_month"] == MONTH].set_index("customer_key")["customer_state"]
    churn = (end.reindex(start["customer_key"]) == "defected_full").mean()
    gain = (churn + DISCOUNT) / (churn - POINT + DISCOUNT) - 1
    assert churn > POINT
    agree(
        scoreboard,
        {
            "defection_point_doubles_profit": census(1 + gain, len(start)),
            "loyal_point_income_20": census(gain, len(start)),
        },
    )


def test_why_customers_leave(scoreboard, built):
    families = ask(
        built,
        "select causes.cause_family_code as family from marts.fct_defections as lost"
        " inner join marts.dim_causes as causes on lost.primary_cause_code = causes.cause_key"
        " where lost.has_known_cause",
    )["family"]

    def against(part, whole):
        return share(int(families.isin(part).sum()), int(families.isin(whole).sum()))

    agree(
        scoreboard,
        {
            "lack_of_care_two_thirds": against(CARE, set(families)),
            "communication_not_product": against(CARE | TALK, CARE | TALK | PRODUCT),
            "service_before_product": against(SERVICE, SERVICE | PRODUCT),
            "product_before_price": against(PRODUCT, PRODUCT | PRICE),
        },
    )


def test_what_the_loyal_spend(scoreboard, built, year):
    """Median by median of the same two years of tenure, weighted by the loyal."""
    quadrants = ask(
        built,
        "select customer_key, quadrant from marts.fct_loyalty_quadrants"
        f" where reporting_month = date '{MONTH:%Y-%m-%d}'",
    ).set_index("customer_key")["quadrant"]
    frame = year[(year["revenue"] > 0) & (year["first_purchase_month"] < YEAR_START)].copy()
    tenure = months_between(frame["first_purchase_month"], pd.Series(MONTH, frame.index))
    frame["band"] = tenure // TENURE_BAND_MONTHS
    frame["quadrant"] = quadrants.reindex(frame.index)
    loyal = casual = loyal_spend = casual_spend = 0
    for _, band in frame.groupby("band"):
        high = band.loc[band["quadrant"] == "high", "revenue"]
        low = band.loc[band["quadrant"].isin(["zero", "latent"]), "revenue"]
        if len(high) and len(low):
            loyal, casual = loyal + len(high), casual + len(low)
            loyal_spend += len(high) * high.median()
            casual_spend += len(high) * low.median()
    assert min(loyal, casual) > 5
    agree(
        scoreboard,
        {"loyal_spend_2_to_4x": census(loyal_spend / casual_spend, min(loyal, casual))},
    )


def test_what_customers_say_and_do(scoreboard, built, answers, year):
    mature = answers[answers["mature"]]
    happy, sad = mature[mature["level"] >= 4], mature[mature["level"] < 3]
    assert len(happy) > 30
    assert len(sad) > 3
    ratio = happy["again"].mean() / sad["again"].mean()
    deviation = Z * sqrt(
        1 / happy["again"].sum() - 1 / len(happy) + 1 / sad["again"].sum() - 1 / len(sad)
    )
    last = answers[answers["month"] >= YEAR_START].sort_values("month")
    last = last.drop_duplicates("customer_key", keep="last").set_index("customer_key")
    margins = year["margin"].reindex(last.index[last["level"] >= 4]).dropna()
    accounts = ask(
        built,
        "select price_sensitivity from marts.fct_key_account_qualifications"
        " where basis = 'restated' and is_key_account and reporting_month = date '2025-10-01'",
    )["price_sensitivity"].dropna()
    agree(
        scoreboard,
        {
            "repurchase_6x": (
                ratio, ratio * exp(-deviation), ratio * exp(deviation), len(happy) + len(sad),
            ),
            "satisfied_is_not_profitable": share(int((margins > 0).sum()), len(margins)),
            "value_added_over_price": share(int((accounts <= 3).sum()), len(accounts)),
        },
    )  # fmt: skip


def test_every_verdict_follows_from_its_interval(scoreboard):
    """And no claim of the brief is missing or left without a reason."""
    assert len(scoreboard) == 23
    for claim, row in scoreboard.iterrows():
        value, least, most = row["measured_value"], row["measured_low"], row["measured_high"]
        low, high = row["band_low"], row["band_high"]
        if pd.isna(value) or row["observation_count"] < row["minimum_count"]:
            expected = "not_measurable"
        elif most < low or least > high:
            expected = "contradicted"
        elif pd.isna(high):
            expected = "supported" if least >= low else "not_measurable"
        elif pd.isna(low):
            expected = "supported" if most <= high else "not_measurable"
        else:
            expected = "supported" if low <= value <= high else "not_measurable"
        assert row["verdict"] == expected, claim
        assert row["verdict_reason"]
    unmeasured = scoreboard.index[scoreboard["verdict_reason"] == "not_modelled"]
    assert list(unmeasured) == ["dissatisfied_tells_25"]
