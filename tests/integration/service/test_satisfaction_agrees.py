"""Satisfaction a second time: one voice an account in pandas, intervals by statsmodels."""

import csv

import duckdb
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

pytestmark = pytest.mark.xdist_group("service")

DECIDERS_WEIGHT = 2
FEWEST_ANSWERS = 5
MEMORY_DAYS = 365


@pytest.fixture(scope="module")
def tables(complete_home) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Accounts with the level they count on, from staging; and the published month."""
    path = complete_home / "warehouse" / "key_accounts.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        answers = connection.sql(
            """
            select answers.*, contacts.is_decision_maker, identities.customer_key
            from staging.stg_crm__survey_answers as answers
            inner join intermediate.int_account_identities as identities using (account_id)
            inner join intermediate.int_customers_described as described
                on identities.customer_key = described.customer_key and not described.is_internal
            left join staging.stg_crm__contacts as contacts using (contact_id)
            """
        ).df()
        published = connection.sql(
            "from marts.rpt_satisfaction_month where cut in ('total', 'stratum')"
        ).df()
    answers["month"] = answers["invited_at"].dt.to_period("M").dt.to_timestamp()
    answers = answers.sort_values(["answered_at", "invite_id"])
    given = answers[answers["level"].notna()]
    votes = given.drop_duplicates(["customer_key", "contact_id", "question", "month"], keep="last")
    weight = votes["is_decision_maker"].eq(True).map({True: DECIDERS_WEIGHT, False: 1})
    votes = votes.assign(weight=weight, points=votes["level"].astype(float) * weight)
    keys = ["customer_key", "question", "month"]
    summed = votes.groupby(keys)[["points", "weight"]].sum()
    accounts = answers.groupby(keys).agg(
        stratum=("stratum", "first"),
        strata=("stratum", "nunique"),
        probability=("inclusion_probability", "min"),
    )
    # Accounts of one customer may have been drawn from several strata.
    accounts.loc[accounts["strata"] > 1, "stratum"] = "mixed"
    accounts["mean"] = summed["points"] / summed["weight"]
    accounts["level"] = accounts["mean"] // 1
    # The day of the last answer, whichever contact gave it.
    accounts["answered_on"] = given.groupby(keys)["answered_at"].max().dt.normalize()
    return accounts.reset_index(), published


def test_every_rate_of_every_wave(tables):
    accounts, published = tables
    expected = accounts[accounts["question"] == "expectation"].set_index(["customer_key", "month"])
    checked = 0
    for row in published.itertuples():
        asked = accounts[
            (accounts["month"] == row.reporting_month) & (accounts["question"] == row.question)
        ]
        if row.cut == "stratum":
            asked = asked[asked["stratum"] == row.cut_value]
        answered = asked[asked["level"].notna()]
        satisfied = answered[answered["level"] >= 4]
        assert (row.invited_count, row.answered_count, row.satisfied_count) == (
            len(asked), len(answered), len(satisfied)
        )  # fmt: skip
        assert row.dissatisfied_count == (answered["level"] < 3).sum()
        if row.question != "expectation":
            keys = pd.MultiIndex.from_frame(asked[["customer_key", "month"]])
            gaps = asked["mean"].to_numpy() - expected["mean"].reindex(keys).to_numpy()
            gaps = gaps[~pd.isna(gaps)]
            assert (row.compared_count, row.below_expectation_count) == (
                len(gaps),
                (gaps < 0).sum(),
            )
            if len(gaps) >= FEWEST_ANSWERS:
                assert row.mean_expectation_gap == pytest.approx(gaps.mean())
        if len(answered) < FEWEST_ANSWERS:
            assert row.is_suppressed
            assert pd.isna(row.satisfied_rate)
            continue
        assert (row.satisfied_low_rate, row.satisfied_high_rate) == pytest.approx(
            proportion_confint(len(satisfied), len(answered), method="wilson"), abs=1e-9
        )
        weights = 1 / answered["probability"]
        share = weights[satisfied.index].sum() / weights.sum()
        effective = weights.sum() ** 2 / (weights**2).sum()
        assert row.weighted_satisfied_rate == pytest.approx(share, abs=1e-6)
        assert row.effective_answer_count == pytest.approx(effective, rel=1e-5)
        checked += 1
    assert checked > 10


def test_the_last_word_of_everybody_lost(tables, complete_home):
    accounts, _ = tables
    words = accounts[(accounts["question"] == "overall") & accounts["level"].notna()]
    path = complete_home / "warehouse" / "key_accounts.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        lost = connection.sql(
            "select customer_key, effective_date from marts.fct_defections"
            " where defected_on is not null"
        ).df()
        published = connection.sql("from marts.rpt_satisfied_defectors").df()
    paired = lost.reset_index().merge(words, on="customer_key")
    days = (paired["effective_date"] - paired["answered_on"]).dt.days
    heard = paired[days.between(1, MEMORY_DAYS)].sort_values("answered_on").groupby("index")
    lost["level"] = heard["level"].last()
    lost["month"] = lost["effective_date"].dt.to_period("M")
    for row in published.itertuples():
        end = row.reporting_month.to_period("M")
        year = lost[(lost["month"] <= end) & (lost["month"] > end - 12)]
        assert (row.lost_customer_count, row.asked_count, row.satisfied_count) == (
            len(year), year["level"].notna().sum(), (year["level"] >= 4).sum()
        )  # fmt: skip


def test_whoever_was_planted_as_satisfied_said_so(complete_home):
    with (complete_home / "truth" / "satisfied_then_left.csv").open(encoding="utf-8") as file:
        planted = [row["invite_id"] for row in csv.DictReader(file)]
    if not planted:
        pytest.skip("the sample of this size has nobody who was satisfied and left")
    path = complete_home / "warehouse" / "key_accounts.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        levels = connection.execute(
            "select level from marts.fct_survey_answers"
            " where question = 'overall' and invite_id in (select unnest(?))",
            [planted],
        ).fetchall()
    assert len(levels) == len(planted)
    assert min(levels) >= (4,)
