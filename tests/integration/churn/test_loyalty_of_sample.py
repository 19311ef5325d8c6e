"""Loyalty, what is done for it and what it brings, a second time in pandas.

What customers bought and which class they had is proven elsewhere and taken from the marts; what
the CRM knows is read from the extracts as they lie on disk. Merged customers are left out there.
"""

import numpy as np
import pandas as pd
import pytest
from sample_frames import ask, extract, months_between

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("churn_sample_wallets")]

LEAST_PEERS, DEFAULT_CUT = 20, 0.5
WEIGHTS = {"sow": 0.6, "sole": 0.2, "barrier": 0.2}
BARRIERS = {"contract": 0.3, "service": 0.3, "reward": 0.2, "relation": 0.2}
RELATION_MONTHS = 24
REWARD_REFERENCE = 0.05
REPURCHASE_DAYS = 180


def test_every_quadrant_of_a_year(built, spine):
    """Dependence, the cuts frozen before the year, and what follows from both."""
    columns = (
        "customer_key, reporting_month::timestamp as month, quadrant, purchase_day_count_t12,"
        " sow_t12, sole_source_share, has_contract, has_service_mode,"
        " owner_tenure_months as tenure, reward_amount_t12::double as reward,"
        " dependence_index, dependence_cut, frequency_index"
    )
    facts = ask(built, f"select {columns} from marts.fct_loyalty_quadrants")
    spend = spine[["customer_key", "reporting_month", "net_revenue_t12"]].rename(
        columns={"reporting_month": "month"}
    )
    facts = facts.merge(spend, on=["customer_key", "month"])
    revenue = facts["net_revenue_t12"].astype(float)
    rebate = (facts["reward"] / revenue.where(revenue > 0) / REWARD_REFERENCE).clip(upper=1)
    barrier = (
        BARRIERS["contract"] * facts["has_contract"].astype(float).fillna(0)
        + BARRIERS["service"] * facts["has_service_mode"].astype(float).fillna(0)
        + BARRIERS["reward"] * rebate.fillna(0)
        + BARRIERS["relation"] * (facts["tenure"].fillna(0) >= RELATION_MONTHS).astype(float)
    )
    sole = facts["sole_source_share"].notna() * WEIGHTS["sole"]
    dependence = (
        WEIGHTS["sow"] * facts["sow_t12"]
        + sole * facts["sole_source_share"].fillna(0)
        + WEIGHTS["barrier"] * barrier
    ) / (WEIGHTS["sow"] + sole + WEIGHTS["barrier"])
    assert facts["dependence_index"].notna().sum() > 100
    assert np.allclose(facts["dependence_index"], dependence, atol=1e-9, equal_nan=True)

    peers = ask(
        built,
        "select customer_key, segment, product_cycle from intermediate.int_customer_peers"
        " where fiscal_year = 2025",
    )
    year = facts[facts["month"].dt.year == 2025].merge(peers, on="customer_key", how="left")
    before = facts[facts["month"] == "2024-12-01"].merge(peers, on="customer_key")
    groups = before.groupby(["segment", "product_cycle"], dropna=False)
    sizes, medians = groups.size(), groups["purchase_day_count_t12"].median()
    known, cuts = groups["dependence_index"].count(), groups["dependence_index"].median()
    everybody = (
        facts[facts["month"] == "2024-12-01"]["purchase_day_count_t12"].median(),
        facts[facts["month"] == "2024-12-01"]["dependence_index"].median(),
    )
    expected = []
    for row in year.itertuples():
        group = (row.segment, row.product_cycle)
        days = medians[group] if sizes.get(group, 0) >= LEAST_PEERS else everybody[0]
        cut = cuts[group] if known.get(group, 0) >= LEAST_PEERS else everybody[1]
        cut = DEFAULT_CUT if np.isnan(cut) else cut
        if np.isnan(row.dependence_index):
            expected.append("unclassified")
            continue
        often = row.purchase_day_count_t12 / days >= 1
        bound = row.dependence_index >= cut
        expected.append(
            ("high" if bound else "inertia") if often else ("latent" if bound else "zero")
        )
    assert len(set(expected)) == 5
    assert year["quadrant"].tolist() == expected


def test_who_has_dealt_with_the_same_person_for_how_long(built, company, merged):
    month = pd.Timestamp("2025-06-01")
    held = extract(company, "account_assignments")
    held = held[(held["role"] == "owner") & held["customer_key"].notna()]
    # An assignment is delivered again when it ends.
    held = held.sort_values("assigned_to", na_position="first")
    held = held.drop_duplicates(["account_id", "employee_id", "assigned_from"], keep="last")
    since, until = pd.to_datetime(held["assigned_from"]), pd.to_datetime(held["assigned_to"])
    now = held[(since <= month) & (until.isna() | (until >= month))]
    months = months_between(since[now.index], pd.Series(month, now.index))
    expected = months.groupby(now["customer_key"]).max()
    found = ask(
        built,
        "select customer_key, owner_tenure_months from marts.fct_loyalty_quadrants"
        f" where reporting_month = date '{month:%Y-%m-%d}' and sow_t12 is not null",
    )
    found = found[~found["customer_key"].isin(merged)].set_index("customer_key")
    tenures = expected.reindex(found.index)
    assert (tenures >= RELATION_MONTHS).sum() > 5
    assert (tenures < RELATION_MONTHS).sum() > 5
    assert found["owner_tenure_months"].astype(float).equals(tenures.astype(float))


def test_what_was_done_for_whom(built, company, merged):
    """Money and contacts of a year by the quadrant at the start of their month."""
    money = extract(company, "account_investments")
    money = money[money["account_id"].notna() & (money["currency"].fillna("CNY") == "CNY")]
    money["month"] = pd.to_datetime(money["spent_on"]).dt.to_period("M").dt.to_timestamp()
    quadrants = ask(
        built,
        "select customer_key, quadrant, (reporting_month + interval 1 month)::timestamp as month"
        " from marts.fct_loyalty_quadrants where year(reporting_month + interval 1 month) = 2025",
    )
    treated = money.merge(quadrants, on=["customer_key", "month"])
    treated = treated.drop_duplicates(["quadrant", "kind", "customer_key", "month"])
    expected = treated.groupby(["quadrant", "kind"]).size().to_dict()
    found = {
        (quadrant, kind): count
        for quadrant, kind, count in built.rows(
            "select quadrant, investment_kind, sum(treated_customer_count)::int"
            " from marts.rpt_quadrant_policy_compliance"
            " where year(reporting_month) = 2025 and investment_kind <> 'contact'"
            " group by all having sum(treated_customer_count) > 0"
        )
    }
    assert sum(expected.values()) > 10
    gap = sum(abs(found.get(key, 0) - expected.get(key, 0)) for key in {**found, **expected})
    foreign = sum(1 for customer in treated["customer_key"] if customer in merged)
    assert gap <= foreign


def test_intentions_and_what_became_of_them(built, company, merged):
    answers = extract(company, "survey_answers")
    answers = answers[answers["question"] == "repurchase_intent"].dropna(subset=["level"])
    answers["day"] = pd.to_datetime(answers["answered_at"]).dt.normalize()
    answers["month"] = answers["day"].dt.to_period("M").dt.to_timestamp()
    answers = answers[~answers["customer_key"].isin(merged) & answers["customer_key"].notna()]
    voices = answers.groupby(["customer_key", "month"]).agg(
        level=("level", "mean"), day=("day", "max")
    )
    bought = ask(
        built,
        "select customer_key, document_date::timestamp as day from intermediate.int_customer_days"
        " where is_purchase_day",
    )
    days = bought.groupby("customer_key")["day"].apply(lambda column: np.sort(column.to_numpy()))
    end = ask(built, "select data_complete_through as d from intermediate.int_reporting_calendar")
    window = np.timedelta64(REPURCHASE_DAYS, "D")
    expected = {}
    for (customer, month), voice in voices.iterrows():
        day = voice["day"].to_datetime64()
        if customer not in days or days[customer][0] > day:
            continue
        group = ["negative", "neutral", "positive"][(voice["level"] >= 3) + (voice["level"] >= 4)]
        mature = day + window < end["d"][0].to_datetime64()
        later = days[customer][days[customer] > day]
        again = mature and len(later) > 0 and later[0] <= day + window
        counts = expected.setdefault((f"{month:%Y-%m-%d}", group), np.zeros(3, int))
        counts += [1, mature, again]
    assert sum(counts[0] for counts in expected.values()) > 20
    found = {
        (month, group): counts
        for month, group, *counts in built.rows(
            "select o.reporting_month::varchar, o.answer_group, count(*), count_if(o.is_mature),"
            " count_if(o.is_mature and o.has_repurchased)"
            " from intermediate.int_answer_outcomes as o where o.question = 'repurchase_intent'"
            " and o.customer_key not in (select customer_key"
            "  from intermediate.int_customer_identities where is_absorbed) group by all"
        )
    }
    assert found == {key: list(counts) for key, counts in expected.items()}


def test_what_last_years_customers_buy_more_of(built, spine):
    first = ask(
        built,
        "select customer_key, min(reporting_month)::timestamp as month, product_category"
        " from intermediate.int_customer_category_months where gross_revenue > 0"
        " group by customer_key, product_category",
    )
    new = first.groupby(["customer_key", "month"]).size()
    now = spine.set_index(["customer_key", "reporting_month"])
    then = spine[spine["first_purchase_month"].notna()].copy()
    then["reporting_month"] += pd.DateOffset(months=12)
    then = then.set_index(["customer_key", "reporting_month"])
    pairs = now.merge(then, left_index=True, right_index=True, suffixes=("", "_ly"))
    pairs["new"] = new.reindex(pairs.index).fillna(0)
    pairs[["gross_revenue", "gross_revenue_ly"]] = pairs[
        ["gross_revenue", "gross_revenue_ly"]
    ].astype(float)
    expected = {}
    for month, group in pairs[pairs["is_closed_month"]].groupby(level=1):
        orders, orders_ly = group["order_count"].sum(), group["order_count_ly"].sum()
        value = group["gross_revenue"].sum() / orders
        value_ly = group["gross_revenue_ly"].sum() / orders_ly
        expected[f"{month:%Y-%m-%d}"] = (
            (group["new"] > 0).mean(), orders / orders_ly - 1, value / value_ly - 1,
        )  # fmt: skip
    found = {
        month: tuple(figures)
        for month, *figures in built.rows(
            "select reporting_month::varchar, cross_sold_rate, frequency_growth, order_value_growth"
            " from marts.rpt_cross_sell_month where is_closed_month"
        )
    }
    assert len(expected) > 20
    assert found.keys() == expected.keys()
    for month, figures in expected.items():
        assert found[month] == pytest.approx(figures, abs=1e-6), month


def test_what_a_programme_did_for_its_members(built, company, spine, merged):
    """Members by the extracts; losses and margins beside those of others of the class."""
    paid = extract(company, "account_investments")
    paid = paid[paid["kind"].isin(["reward", "programme"]) & paid["customer_key"].notna()]
    day = pd.to_datetime(paid["spent_on"])
    for year in (2024, 2025):
        members = set(paid[day.dt.year == year - 1]["customer_key"])
        classes = ask(
            built,
            "select customer_key, class_restated as class from marts.fct_customer_classes"
            f" where scheme = 'abcd' and reporting_month = date '{year}-01-01'",
        ).set_index("customer_key")["class"]
        ends = spine[spine["reporting_month"] == f"{year}-12-01"].set_index("customer_key")
        starts = spine[spine["reporting_month"] == f"{year - 1}-12-01"].set_index("customer_key")
        frame = pd.DataFrame({"class": classes})
        frame["lost"] = (ends["customer_state"].reindex(frame.index) == "defected_full").astype(int)
        frame["before"] = starts["margin_t12"].reindex(frame.index).astype(float)
        frame["after"] = ends["margin_t12"].reindex(frame.index).astype(float)
        frame.loc[frame["before"].isna() | frame["after"].isna(), ["before", "after"]] = np.nan
        frame["member"] = frame.index.isin(members)
        inside = frame[frame["member"]].groupby("class")
        others = frame[~frame["member"]].groupby("class")
        expected_lost = (inside.size() * others["lost"].mean()).sum()
        growth = others["after"].sum() / others["before"].sum()
        gained = (inside["after"].sum() - inside["before"].sum() * growth).sum()
        ((count, lost, matched, increment),) = built.rows(
            "select member_count, lost_count, matched_lost_rate * matched_count,"
            " incremental_margin_amount::double from marts.rpt_programme_effect"
            f" where programme = 'Loyalty rebate' and fiscal_year = {year}"
        )
        strays = len(members & merged)
        assert abs(count - frame["member"].sum()) <= strays
        if not strays:
            assert lost == frame[frame["member"]]["lost"].sum()
            assert matched == pytest.approx(expected_lost)
            assert increment == pytest.approx(gained, abs=0.01)
