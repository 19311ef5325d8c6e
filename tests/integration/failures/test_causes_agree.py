"""Why customers of the sample left, a second time: in pandas, from facts, talks and seeds."""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from policy_seeds import seed

pytestmark = pytest.mark.xdist_group("service")

EPISODE = ["customer_key", "episode_no"]
SERIES = ["reporting_month", "horizon", "cut", "cut_value", "defection_type"]


@pytest.fixture(scope="module")
def bridge(read) -> pd.DataFrame:
    return read("from marts.bridge_defection_causes")


def test_weights_are_those_of_the_best_talk(read, bridge):
    kinds = {row["review_kind"]: row for row in seed("vocabularies/review_kinds")}
    causes = {row["cause_code"]: row for row in seed("vocabularies/defection_causes")}
    demanded = {
        row["cause_family_code"]: int(row["minimum_why_level"])
        for row in seed("policies/cause_evidence")
    }
    stated = defaultdict(list)
    for row in read("from staging.stg_crm__review_causes").to_dict("records"):
        stated[row["review_id"]].append(row)
    talks = defaultdict(list)
    held = read("from intermediate.int_defection_reviews where outcome = 'held'")
    for row in held.to_dict("records"):
        if row["review_id"] in stated:
            talks[row["customer_key"], row["episode_no"]].append(row)
    expected = {}
    for episode in bridge[["customer_key", "episode_no"]].drop_duplicates().itertuples(index=False):
        asked = talks.get(tuple(episode))
        if not asked:
            expected[tuple(episode)] = {"unknown": 1.0}
            continue
        asked.sort(key=lambda row: row["review_id"])
        asked.sort(key=lambda row: row["reviewed_on"], reverse=True)
        asked.sort(key=lambda row: int(kinds[row["review_kind"]]["evidence_rank"]))
        named = stated[asked[0]["review_id"]]
        whole = sum(row["weight"] for row in named)
        weights = defaultdict(float)
        for row in named:
            cause = causes[row["cause_code"]]
            family = cause["parent_cause_code"] or cause["cause_code"]
            is_shown = (row["why_level"] or 0) >= demanded.get(family, 0)
            weights[row["cause_code"] if is_shown else "unknown"] += row["weight"] / whole
        expected[tuple(episode)] = dict(weights)
    found = defaultdict(dict)
    for row in bridge.itertuples(index=False):
        found[row.customer_key, row.episode_no][row.cause_key] = row.weight
    assert sum(len(weights) > 1 for weights in found.values()) > 0
    assert found.keys() == expected.keys()
    for episode, weights in found.items():
        assert weights == pytest.approx(expected[episode]), episode
        assert sum(weights.values()) == pytest.approx(1)


@pytest.fixture(scope="module")
def windows(read, episodes, bridge) -> pd.DataFrame:
    """Weighted episodes and margins by month, horizon, class, type, family of causes."""
    weighed = bridge.merge(
        episodes[[*EPISODE, "began_month", "defection_type", "customer_class", "lost_margin"]],
        on=EPISODE,
    )
    weighed["margin"] = weighed.weight * weighed.lost_margin
    months = read("select reporting_month from marts.dim_months").reporting_month
    parts = []
    for month in months:
        for horizon, length in {"month": 0, "trailing_year": 11}.items():
            first = month - pd.DateOffset(months=length)
            inside = weighed[weighed.began_month.between(first, month)]
            for cut in ("total", "customer_class"):
                value = "all" if cut == "total" else inside.customer_class
                parts.append(
                    inside.assign(reporting_month=month, horizon=horizon, cut=cut, cut_value=value)
                )
    keys = [*SERIES, "cause_family_code", "controllability"]
    return pd.concat(parts).groupby(keys)[["weight", "margin"]].sum().reset_index()


def test_pareto_in_episodes_and_in_lost_margin(read, windows):
    found = read("from marts.rpt_cause_pareto where is_closed_month")
    joined = found.merge(windows, on=[*SERIES, "cause_family_code", "controllability"])
    closed = windows[windows.reporting_month.isin(found.reporting_month)]
    assert len(found) == len(joined) == len(closed) > 0
    assert np.allclose(joined.episode_weight, joined.weight)
    assert np.allclose(joined.lost_margin_t12.astype(float), joined.margin.fillna(0), atol=0.01)
    for _, series in joined.groupby(SERIES):
        by_weight = series.sort_values("cause_rank")
        assert by_weight.weight.round(9).is_monotonic_decreasing
        shares = by_weight.weight.cumsum() / by_weight.weight.sum()
        assert np.allclose(by_weight.cumulative_episode_share, shares)
        whole = series.margin.sum()
        if whole > 0:
            by_margin = series.sort_values("margin_rank")
            cumulated = by_margin.margin.cumsum() / whole
            assert np.allclose(by_margin.cumulative_margin_ratio, cumulated)


def test_what_we_could_have_kept_adds_up_and_lies_within_its_bounds(read, windows):
    found = read("from marts.rpt_defection_controllability where is_closed_month")
    parts = windows.pivot_table(
        index=SERIES, columns="controllability", values="weight", aggfunc="sum", fill_value=0
    ).reset_index()
    joined = found.merge(parts, on=SERIES)
    assert len(joined) == len(found) > 0
    names = ["controllable", "uncontrollable", "unknown"]
    for name in names:
        assert np.allclose(joined[f"{name}_weight"], joined[name])
    assert np.allclose(joined[names].sum(axis=1), joined.episode_count)
    assert np.allclose(joined.controllable_low_share, joined.controllable / joined.episode_count)
    high = (joined.controllable + joined.unknown) / joined.episode_count
    assert np.allclose(joined.controllable_high_share, high)
    known = joined.controllable + joined.uncontrollable
    shares = joined.controllable / known.where(known > 0)
    assert np.allclose(joined.controllable_share.astype(float), shares, equal_nan=True)
