"""What customers tell us, how soon they are heard and how they are served, again in pandas."""

import duckdb
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

pytestmark = pytest.mark.xdist_group("service")

FORTNIGHT, DAY, HOUR, LANDMARK = 14 * 1440, 1440, 60, 30 * 1440
QUERIES = {
    "cases": "from marts.fct_cases",
    "visits": "select customer_key, happened_at from marts.fct_touchpoints"
    " where activity_type = 'site_service' and is_held and not is_repeat",
    "closed": "select reporting_month from marts.dim_months where is_closed_month",
    "months": "from marts.rpt_case_month",
    "responses": "from marts.rpt_service_response",
    "effects": "from marts.rpt_service_mode_effect",
    "contacts": "from marts.fct_touchpoints where is_human and not is_repeat",
    "followed": "from intermediate.int_loss_followups",
    "opinions": "from marts.rpt_touchpoint_sentiment",
    "states": "select customer_key, reporting_month, customer_state, customer_state_at_start"
    " from marts.fct_customer_months where is_closed_month",
    "classes": "select customer_key, reporting_month, class_as_known"
    " from marts.fct_customer_classes where scheme = 'abcd'",
    "modes": "select customer_key, service_mode from marts.dim_customers",
    "accounts": """
        select
            identities.customer_key, accounts.service_mode,
            coalesce(files.delivered_on, files.period_end, files.known_from) as known_on,
            accounts.load_line_number
        from raw_crm.accounts as accounts
        inner join raw_meta.extract_files as files
            on accounts.load_file_id = files.file_id and files.status = 'loaded'
        inner join intermediate.int_account_identities as identities
            on accounts.account_id = identities.account_id and identities.is_primary_account
    """,
}


def read_tables(path) -> dict[str, pd.DataFrame]:
    """Read what was delivered and what was published."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {name: connection.sql(query).df() for name, query in QUERIES.items()}


@pytest.fixture(scope="module")
def tables(complete_home):
    return read_tables(complete_home / "warehouse" / "key_accounts.duckdb")


def test_suggestions_taken_up_and_requests_met(tables):
    closed = set(tables["closed"]["reporting_month"])
    handled = tables["cases"].query("handling_status != 'merged'")
    grouped = handled.groupby(["reporting_month", "case_type"])
    flags = {"adoption": "is_adopted", "fulfil": "is_resolution_in_time"}
    assert tables["months"]["received_count"].sum() == len(tables["cases"])
    for row in tables["months"].itertuples():
        rows = grouped.get_group((row.reporting_month, row.case_type))
        told = rows["first_response_at"].notna().mean()
        for name, flag in flags.items():
            known = rows[flag].dropna().astype(bool)
            rate = getattr(row, f"{name}_rate")
            if known.empty or row.reporting_month not in closed:
                assert pd.isna(rate)
                continue
            low, high = proportion_confint(known.sum(), len(known), method="wilson")
            assert rate == pytest.approx(known.mean())
            assert getattr(row, f"{name}_low_rate") == pytest.approx(low, abs=1e-9)
            assert getattr(row, f"{name}_high_rate") == pytest.approx(high, abs=1e-9)
        if row.reporting_month in closed:
            assert row.answered_share == pytest.approx(told)


def test_every_hour_of_the_week(tables):
    last = tables["closed"]["reporting_month"].sort_values().tail(12)
    cases = tables["cases"]
    cases = cases[
        cases["reporting_month"].isin(last)
        & cases["handling_status"].ne("merged")
        & cases["detected_by"].fillna("customer").eq("customer")
    ]
    serious = cases[cases["case_type"].isin(["complaint", "failure"])]
    pairs = serious.merge(tables["visits"], on="customer_key")
    # Whole minutes, as the marts count them.
    start, end = (pairs[name].dt.floor("min") for name in ("received_at", "happened_at"))
    minutes = (end - start).dt.total_seconds() / 60
    first = minutes[minutes.between(0, FORTNIGHT)].groupby(pairs["case_id"]).min()
    cases = cases.assign(
        site=cases["case_id"].map(first),
        hour=cases["received_at"].dt.strftime("%u-%H"),
    )
    found = tables["responses"].query("cut == 'hour_of_week'").set_index("cut_value")
    assert set(found.index) == set(cases["hour"])
    total = tables["responses"].query("cut == 'total'").iloc[0]
    for row, rows in [(total, cases), *((found.loc[h], r) for h, r in cases.groupby("hour"))]:
        assert row["case_count"] == len(rows)
        for name, limit in (("answer", LANDMARK), ("prompt", HOUR)):
            judged = rows[rows["followed_minutes"] > limit]
            assert row[f"{name}_judged_count"] == len(judged)
            assert row[f"{name}_count"] == (judged["first_response_minutes"] <= limit).sum()
        assert row["site_in_time_judged_count"] == rows["site"].notna().sum()
        assert row["site_in_time_count"] == (rows["site"] <= DAY).sum()
        assert row["median_site_minutes"] == pytest.approx(rows["site"].median(), nan_ok=True)


def test_opinions_of_every_kind_of_contact_and_what_became_of_them(tables):
    keys = ["reporting_month", "activity_type"]
    contacts = tables["contacts"]
    rated = contacts[contacts["sentiment_level"].notna()]
    worst = rated.groupby([*keys, "customer_key"])["sentiment_level"].min().reset_index()
    followed = worst.merge(tables["followed"], on=["customer_key", "reporting_month"])
    opinions = tables["opinions"].set_index(keys)
    counts = contacts.groupby(keys).size()
    assert len(counts) == len(opinions)
    assert (opinions["touchpoint_count"] == counts.reindex(opinions.index)).all()
    means = rated.groupby(keys)["sentiment_level"].mean().reindex(opinions.index)
    closed = opinions["is_closed_month"]
    assert opinions["mean_level"][closed].tolist() == pytest.approx(
        means[closed].astype(float).tolist(), nan_ok=True
    )
    for mood, rows in (
        ("dissatisfied", followed[followed["sentiment_level"] <= 2]),
        ("satisfied", followed[followed["sentiment_level"] >= 4]),
    ):
        found = rows.groupby(keys)["is_lost"].agg(["size", "sum"]).reindex(opinions.index)
        for column, name in (("size", "followed"), ("sum", "lost")):
            told = opinions[f"{mood}_{name}_count"].fillna(0)
            assert (told == found[column].fillna(0)).all()
    assert opinions["dissatisfied_lost_count"].sum() > 0


def test_losses_by_the_way_of_being_served(tables):
    states = tables["states"]
    live = states[
        ~states["customer_state_at_start"].isin(["prospect", "defected_full", "closed_permanent"])
    ]
    lists = tables["accounts"].sort_values(["known_on", "load_line_number"])
    served = pd.merge_asof(
        live.sort_values("reporting_month"),
        lists.assign(known_on=lists["known_on"].astype(live["reporting_month"].dtype)),
        left_on="reporting_month",
        right_on="known_on",
        by="customer_key",
    )
    served = served[served["known_on"].notna()].merge(
        tables["classes"], on=["customer_key", "reporting_month"], how="left"
    )
    served["mode"] = served["service_mode"].fillna("unknown")
    served["lost"] = served["customer_state"].eq("defected_full")
    cell = ["reporting_month", "class_as_known"]
    counts = served.groupby([*cell, "mode"])["lost"].agg(["size", "sum"]).reset_index()
    others = counts.groupby(cell)[["size", "sum"]].transform("sum") - counts[["size", "sum"]]
    counts["expected"] = counts["size"] * others["sum"] / others["size"].where(others["size"] > 0)
    counts["variance"] = counts["expected"] * counts["size"] / others["size"]
    counts["matched"] = counts["sum"].where(others["size"] > 0, 0)
    effects = tables["effects"].query("customer_class == 'all'").set_index("service_mode")
    totals = counts.groupby("mode")[["size", "sum", "expected", "variance", "matched"]].sum()
    assert set(totals.index) == set(effects.index)
    for mode, total in totals.iterrows():
        row = effects.loc[mode]
        assert row["customer_month_count"] == total["size"]
        assert row["lost_count"] == total["sum"]
        assert row["matched_lost_count"] == total["matched"]
        assert row["expected_lost_count"] == pytest.approx(total["expected"], abs=1e-6)
        if not total["expected"]:
            assert pd.isna(row["rate_ratio"])
            continue
        # Of all losses, here and as if of one group of others, the part that is lost here.
        lost, other = total["matched"], round(total["expected"] ** 2 / total["variance"])
        low = stats.beta.ppf(0.025, lost, other + 1) if lost else 0
        high = stats.beta.ppf(0.975, lost + 1, other)
        odds = other / total["expected"]
        assert row["rate_ratio_low"] == pytest.approx(low / (1 - low) * odds, rel=1e-5)
        assert row["rate_ratio_high"] == pytest.approx(high / (1 - high) * odds, rel=1e-5)


def test_nobody_is_lost_who_is_advised_as_planted(tables, complete_home):
    truth = pd.read_csv(complete_home / "truth" / "service_modes.csv")
    merged = pd.read_csv(complete_home / "truth" / "merges.csv")
    alone = truth[~truth["customer_code"].isin(merged["golden_code"])].set_index("customer_code")
    published = tables["modes"].set_index("customer_key")["service_mode"]
    both = alone.index.intersection(published.index)
    assert (published[both] == alone.loc[both, "service_mode"]).all()
    effects = tables["effects"].query("customer_class == 'all'").set_index("service_mode")
    advised = effects.loc["advisory"]
    assert (advised["lost_count"], advised["rate_ratio"]) == (0, 0)
    # Of no other way, whose customers come and go by chance, is the upper bound below one.
    assert advised["rate_ratio_high"] < 1
    assert (effects["rate_ratio_high"].drop("advisory").dropna() > 1).all()
