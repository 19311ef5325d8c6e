"""scipy as second computation of what the macros of statistics compute in SQL."""

import math
import random

import numpy as np
import pytest
from scipy import stats
from statistics_macros import (
    binomial_tails,
    change_tests,
    chart_baselines,
    column_of,
    load_macros,
    rate_ratios,
)

MACROS = load_macros()
COUNTS = [*range(60), *(random.Random(7).sample(range(60, 2_000_000), 300))]


@pytest.mark.parametrize("bound", ["low", "high"])
def test_garwood_bounds_agree_with_chi_square(bound):
    rows = ", ".join(f"({count})" for count in COUNTS)
    found = column_of(MACROS.garwood_bound("n", bound), f"{rows}) as t (n")
    for count, value in zip(COUNTS, found, strict=True):
        if bound == "high":
            expected = stats.chi2.ppf(0.975, 2 * count + 2) / 2
        else:
            expected = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0
        assert value == pytest.approx(expected, rel=5e-8, abs=1e-12)


def test_log_factorials_agree():
    numbers = [0, 1, 2, 3, 5, 9, 10, 20, 170, 171, 5_000, 1_000_000]
    rows = ", ".join(f"({number})" for number in numbers)
    found = column_of(MACROS.log_factorial("n"), f"{rows}) as t (n")
    expected = [stats.poisson.logpmf(n, 1) * -1 - 1 for n in numbers]
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-9)


def test_binomial_tails_agree_with_scipy_on_random_inputs():
    draw = random.Random(11)
    counts = []
    for _ in range(400):
        trials = draw.choice(
            [draw.randint(1, 30), draw.randint(30, 800), draw.randint(800, 60_000)]
        )
        share = draw.choice([draw.uniform(0.001, 0.999), 0.5, draw.uniform(0.2, 0.8)])
        near = round(trials * share + draw.gauss(0, 3) * (trials * share * (1 - share)) ** 0.5)
        successes = draw.choice([near, near, draw.randint(0, trials)])
        counts.append((max(0, min(trials, successes)), trials, share))
    for (successes, trials, share), (lower, upper) in zip(
        counts, binomial_tails(counts), strict=True
    ):
        case = f"{successes} of {trials} at {share}"
        expected_lower = stats.binom.cdf(successes, trials, share)
        expected_upper = stats.binom.sf(successes - 1, trials, share)
        assert lower == pytest.approx(expected_lower, rel=1e-6, abs=1e-9), case
        assert upper == pytest.approx(expected_upper, rel=1e-6, abs=1e-9), case


def test_published_tails():
    # Gu et al. 2008; and the first fall at equal exposure that is evidence.
    share = 51_477.5 / (51_477.5 + 54_308.7)
    (gu, three, five) = binomial_tails([(60, 90, share), (0, 3, 0.5), (0, 5, 0.5)])
    assert gu[1] == pytest.approx(0.000428, abs=5e-7)
    assert three[0] == pytest.approx(0.125)
    assert five[0] == pytest.approx(0.03125)


def test_rate_ratio_bounds_agree_with_the_beta_distribution():
    draw = random.Random(3)
    counts = [(0, 10.0, 0, 10.0), (0, 10.0, 5, 10.0), (5, 10.0, 0, 10.0), (1, 1.0, 1, 1.0)]
    for _ in range(150):
        most = draw.choice([3, 30, 300, 3000])
        exposures = draw.uniform(1, 1000), draw.uniform(1, 1000)
        counts.append((draw.randint(0, most), exposures[0], draw.randint(0, most), exposures[1]))
    for (events, exposure, others, other_exposure), found in zip(
        counts, rate_ratios(counts), strict=True
    ):
        times = other_exposure / exposure
        low = stats.beta.ppf(0.025, events, others + 1) if events else 0
        high = stats.beta.ppf(0.975, events + 1, others) if others else 0.5
        expected = (
            events / others * times if others else None,
            low / (1 - low) * times if events or others else None,
            high / (1 - high) * times if others else None,
        )
        case = f"{events} in {exposure} against {others} in {other_exposure}"
        assert found == pytest.approx(expected, rel=1e-9), case


def test_change_tests_agree_with_the_binomial_of_two_counts():
    draw = random.Random(5)
    counts = [(0, 1.0, 0, 12.0, 1.0), (3, 1.0, 0, 12.0, 1.0), (0, 1.0, 40, 12.0, 1.0)]
    for _ in range(400):
        mean = draw.choice([0.2, 1, 3, 20, 80, 2000])
        exposures = draw.uniform(0.1, 3), draw.uniform(6, 14)
        seen = [max(0, round(draw.gauss(mean * t, 2 * (mean * t) ** 0.5))) for t in exposures]
        sigma_z = draw.choice([1.0, draw.uniform(1, 3)])
        counts.append((seen[0], exposures[0], seen[1], exposures[1], sigma_z))
    for (events, exposure, before, shown_before, sigma_z), found in zip(
        counts, change_tests(counts), strict=True
    ):
        lot = sigma_z**2
        share = exposure / (exposure + shown_before)
        if events * shown_before > before * exposure:
            lots = math.floor(events / lot)
            expected = stats.binom.sf(lots - 1, lots + math.ceil(before / lot), share)
        else:
            lots = math.ceil(events / lot)
            expected = stats.binom.cdf(lots, lots + math.floor(before / lot), share)
        case = f"{events} in {exposure} after {before} in {shown_before}, sigma_z {sigma_z}"
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-9), case


def test_chart_baselines_agree_with_numpy():
    draw = np.random.default_rng(17)
    months = []
    for _ in range(300):
        exposure = draw.uniform(50, 2000, size=draw.integers(2, 13)).round()
        events = draw.negative_binomial(2, 0.2, size=len(exposure)) + 1
        months.append(list(zip(events.tolist(), exposure.tolist(), strict=True)))
    for listed, (centre, sigma_z) in zip(months, chart_baselines(months), strict=True):
        events, exposure = np.array(listed).T
        expected = events.sum() / exposure.sum()
        scores = (events / exposure - expected) / np.sqrt(expected / exposure)
        widened = np.abs(np.diff(scores)).mean() / 1.128
        assert centre == pytest.approx(expected)
        assert sigma_z == pytest.approx(max(1, widened), rel=1e-9)
