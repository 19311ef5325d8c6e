"""Parts and lives: every truth is planted, at any size, inside the window."""

import numpy as np
import pandas as pd
import pytest

from orchestration.sample.customers import build_customers
from orchestration.sample.parameters import Parameters, Window
from orchestration.sample.parts import CAUSES, PARTS, STEADY, assign_parts


@pytest.mark.parametrize("scale", [0.001, 0.02, 1])
def test_every_part_is_played_and_most_customers_are_steady(scale):
    parts = assign_parts(Parameters(scale=scale))["part"].value_counts()
    assert set(parts.index) == {*PARTS, STEADY}
    assert all(parts[name] >= fewest for name, (_, fewest, _) in PARTS.items())
    assert parts.idxmax() == STEADY


@pytest.mark.parametrize("months", [12, 24, 36])
def test_lives_end_inside_the_window_and_long_enough_before_its_end(months):
    window = Window.of(months)
    frame = build_customers(Parameters(scale=0.5, months=months), window)
    leaves = frame[frame["part"] == "full_defector"]
    silent_days = (pd.Timestamp(window.end) - leaves["end_day"]).dt.days
    assert silent_days.min() >= 0.24 * window.days
    assert (leaves["end_day"] > leaves["start_day"]).all()
    away = frame[frame["part"] == "win_back"]
    assert (away["gap_to"] - away["gap_from"]).dt.days.min() > 0.25 * window.days


def test_customers_share_a_ledger_by_ordering_more_or_less_often():
    alike = ["interval_days", "monthly_spend"]
    usual = build_customers(Parameters(scale=0.5), Window.of(36))
    often = build_customers(Parameters(scale=2, customers=1_000), Window.of(36))
    pd.testing.assert_frame_equal(
        often.drop(columns=[*alike, "credit_limit"]), usual.drop(columns=[*alike, "credit_limit"])
    )
    np.testing.assert_allclose(often["interval_days"] * 4, usual["interval_days"], rtol=0.01)
    np.testing.assert_allclose(often["monthly_spend"], usual["monthly_spend"] * 4, atol=0.03)


def test_late_renewals_stay_inside_the_grace():
    frame = build_customers(Parameters(scale=1), Window.of(36))
    late = frame[frame["part"] == "contract_renewed_late"]
    days = (late["renewed_on"] - late["contract_end"]).dt.days
    assert days.between(30, 89).all()


def test_merges_lead_to_customers_that_stay_or_are_merged_on():
    frame = build_customers(Parameters(scale=0.02), Window.of(36))
    merged = frame[frame["survivor_no"].notna()]
    into = frame.loc[merged["survivor_no"].astype(int)]
    assert (into["part"] == "survivor").all()
    # The chain: one survivor is merged itself, and later than what it took over.
    chain = into[into["merged_on"].notna()]
    assert len(chain) == 1
    first = merged[merged["survivor_no"] == chain.index[0]]
    assert (chain["merged_on"].iloc[0] > first["merged_on"]).all()


def test_what_is_split_off_is_what_is_missing_where_it_was():
    frame = build_customers(Parameters(scale=1), Window.of(36))
    parts = frame[frame["split_from_no"].notna()]
    origins = frame.loc[parts["split_from_no"].astype(int)]
    assert (parts["part"] == "split_off").all()
    assert (origins["part"] == "split_origin").all()
    assert len(parts) == len(set(origins.index)) == (frame["part"] == "split_origin").sum()
    missing = origins["monthly_spend"] * (1 - origins["step_factor"])
    np.testing.assert_allclose(parts["monthly_spend"], missing, rtol=0.001)
    for own, of_origin in {
        "start_day": "step_day",
        "currency": "currency",
        "industry": "industry",
    }.items():
        assert parts[own].tolist() == origins[of_origin].tolist()


def test_every_cause_is_planted_and_known_to_the_taxonomy():
    seeds = pd.read_csv("seeds/vocabularies/defection_causes.csv")
    frame = build_customers(Parameters(scale=1), Window.of(36))
    assert set(frame["cause_code"].dropna()) <= set(seeds["cause_code"])
    assert {code for code, _, _ in CAUSES} <= set(frame["cause_code"].dropna())


def test_a_fifth_of_the_customers_brings_about_four_fifths_of_the_spend():
    frame = build_customers(Parameters(scale=1), Window.of(36))
    spend = np.sort(frame["monthly_spend"])[::-1]
    assert 0.74 < spend[: len(spend) // 5].sum() / spend.sum() < 0.84
