"""Movements by class and rivals of a sample company, a second time in pandas.

What customers bought and which class they had is proven elsewhere and taken from the marts; what
the CRM knows is read from the extracts as they lie on disk. Merged customers are left out there.
"""

import pandas as pd
import pytest
from sample_frames import ask, extract, months_between

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("churn_sample_wallets")]

POSITION_MEMORY_MONTHS, ROOM_FOR_A_RIVAL = 12, 0.95


def test_every_movement_by_class(built):
    """By class a year before, counted and weighted, with who is left out."""
    classes = ask(
        built,
        "select customer_key, scheme, class_as_known as class,"
        " reporting_month + interval 11 month as month from marts.fct_customer_classes",
    )
    everybody = classes[classes["scheme"] == "abcd"].assign(scheme="all", **{"class": "all"})
    moves = ask(
        built,
        "select customer_key, reporting_month::timestamp as month, d_sow, sow_direction,"
        " is_hidden_partial, compared_wallet::double as wallet,"
        " compared_wallet_ly::double as wallet_ly, compared_net_revenue::double as spend,"
        " compared_net_revenue_ly::double as spend_ly"
        " from intermediate.int_share_of_wallet_months",
    )
    last = ask(built, "select max(reporting_month)::timestamp as month from marts.dim_months")
    joined = pd.concat([classes, everybody]).merge(moves, on=["customer_key", "month"], how="left")
    joined = joined[joined["month"] <= last["month"][0]]
    expected = {}
    for key, group in joined.groupby(["scheme", "class", "month"]):
        valid = group[group["d_sow"].notna()]
        wallet_ly = valid["wallet_ly"].sum()
        row = [len(group), len(valid), int(valid["is_hidden_partial"].astype(bool).sum())]
        for direction in ("up", "flat", "down"):
            part = valid[valid["sow_direction"] == direction]
            row += [len(part), part["wallet_ly"].sum() / wallet_ly if wallet_ly else None]
        moved = (
            valid["spend"].sum() / valid["wallet"].sum() - valid["spend_ly"].sum() / wallet_ly
            if wallet_ly
            else None
        )
        expected[key[0], key[1], str(key[2].date())] = [*row, moved]
    found = {
        tuple(key): list(row)
        for *key, row in built.rows(
            "select scheme, class_at_start, reporting_month::varchar, [start_customer_count,"
            " valid_customer_count, hidden_partial_count, up_customer_count, up_wallet_share,"
            " flat_customer_count, flat_wallet_share, down_customer_count, down_wallet_share,"
            " weighted_d_sow] from marts.rpt_sow_movement_month where basis = 'as_known'"
        )
    }
    assert found.keys() == expected.keys()
    assert sum(row[1] > 0 for row in expected.values()) > 20
    for key, row in expected.items():
        assert found[key] == pytest.approx(row, abs=1e-9), key


def test_dual_sourcing_by_its_best_evidence(built, company, spine, merged):
    ranks = dict(built.rows("select evidence, evidence_rank from seeds.competitor_evidence"))
    notes = extract(company, "competitor_positions")
    notes["rank"] = notes["evidence"].fillna("estimate").map(ranks)
    notes["noted"] = pd.to_datetime(notes["noted_on"])
    notes = notes[notes["estimated_share"].isna() | (notes["estimated_share"] > 0)]
    month = pd.Timestamp("2025-06-01")
    known = notes[notes["noted"] < month + pd.DateOffset(months=1)]
    near = months_between(known["noted"], pd.Series(month, known.index)) <= POSITION_MEMORY_MONTHS
    expected = known[near].groupby("customer_key")["rank"].min()
    shares = spine[spine["reporting_month"] == month].set_index("customer_key")
    concluded = shares.index[shares["sow_t12"] < ROOM_FOR_A_RIVAL].difference(expected.index)
    expected = pd.concat([expected, pd.Series(ranks["share_of_wallet"], concluded)])
    counted = expected[expected.index.isin(shares.index[shares["is_live"]])]
    found = dict(
        built.rows(
            "select customer_key, evidence_rank from intermediate.int_dual_sourcing_months"
            f" where reporting_month = date '{month:%Y-%m-%d}'"
        )
    )
    comparable = {customer: rank for customer, rank in counted.items() if customer not in merged}
    assert len(comparable) > 30
    assert {customer: found.get(customer) for customer in comparable} == comparable
    live = set(shares.index[shares["is_live"]]) - merged
    assert {customer for customer in found if customer in live} == set(comparable)


def test_who_came_from_rivals_and_why(built, company):
    deals = extract(company, "opportunities")
    deals = deals[(deals["opportunity_type"] == "switch_in") & (deals["stage"] == "won")]
    deals = deals.drop_duplicates("opportunity_id", keep="last")
    deals["year"] = pd.to_datetime(deals["closed_on"]).dt.year
    expected = deals.groupby("year").size().to_dict()
    assert sum(expected.values()) > 5
    assert expected == dict(
        built.rows(
            "select year(reporting_month), sum(switched_in_count)::int"
            " from marts.rpt_competitor_gain group by all having sum(switched_in_count) > 0"
        )
    )
    assert expected == dict(
        built.rows(
            "select fiscal_year, sum(customer_count)::int from marts.rpt_switch_reasons"
            " where direction = 'in' group by all"
        )
    )
    losses = ask(
        built,
        "select coalesce(destination_competitor_key, if(exit_class = 'former_no_longer_buys',"
        " 'nobody', 'unknown')) as rival, lost_revenue_t12::double as lost"
        " from marts.fct_defections"
        " where defection_type = 'full' or destination_competitor_key is not null",
    )
    taken = losses.groupby("rival")["lost"].agg(["size", "sum"])
    for rival, count, lost in built.rows(
        "select competitor_key, sum(switched_out_count)::int, sum(lost_revenue_t12)::double"
        " from marts.rpt_competitor_gain group by all having sum(switched_out_count) > 0"
    ):
        assert (count, lost) == pytest.approx((taken.at[rival, "size"], taken.at[rival, "sum"]))
