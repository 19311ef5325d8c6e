"""What keeps and survives adds up whatever happened: revenue retention and its split, Kaplan-Meier.

The models run on rows drawn by chance; what they say is counted again here.
"""

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from compiled_models import CompiledModels
from hypothesis import given, settings
from hypothesis import strategies as st
from random_company import month

pytestmark = pytest.mark.xdist_group("identities")
drawn = settings(max_examples=25, deadline=None, derandomize=True)


@pytest.fixture(scope="module")
def models(complete_home):
    return CompiledModels(complete_home)


MOVEMENT = st.tuples(
    st.sampled_from([-30, -1, 0, 0, 1, 50, 100, 100, 250]),  # the year before
    st.sampled_from([-30, -1, 0, 0, 1, 50, 100, 100, 250]),  # the year
    st.integers(-20, 20),  # what the currency added to the year before
    st.integers(-20, 20),  # and to the year
    st.integers(-60, 60),  # effect of prices
    st.integers(0, 300),  # revenue whose prices are known
    st.booleans(),  # bought before
)


@drawn
@given(movements=st.lists(MOVEMENT, min_size=1, max_size=12))
def test_revenue_retention_and_its_split(models, movements):
    """Two years of one month each: what a customer brought stands in its first and thirteenth."""
    later, earlier = month(35), month(23)
    months, effects = [], []
    for number, (start, end, was, now, price, priced, known) in enumerate(movements):
        for n in range(36):
            amount = {earlier: start, later: end}.get(month(n), 0)
            reported = amount + {earlier: was, later: now}.get(month(n), 0)
            year = {True: end, False: start if n >= 23 else 0}[n == 35]
            months.append(
                (f"C{number}", month(n), month(0) if known else later, amount, reported,
                 year, start if n == 35 else 0)
            )  # fmt: skip
        effects.append((f"C{number}", later, price, priced))
    models.fill(
        "intermediate.int_month_ends",
        "reporting_month date, period_end_date date, ledger_month_number bigint,"
        " is_closed_month boolean",
        ((month(n), month(n + 1), n + 1, n < 36) for n in range(36)),
    )
    models.fill(
        "marts.fct_customer_months",
        "customer_key varchar, reporting_month date, first_purchase_month date,"
        " net_revenue_constant decimal(18, 4), net_revenue decimal(18, 4),"
        " net_revenue_t12 decimal(18, 4), net_revenue_t12_ly decimal(18, 4),"
        " net_revenue_t3 decimal(18, 4), is_split_off boolean",
        ((*row, 0, None) for row in months),
    )
    models.fill(
        "intermediate.int_customer_code_price_effects",
        "customer_code varchar, reporting_month date, price_effect decimal(18, 4),"
        " priced_amount decimal(18, 4)",
        effects,
    )
    models.fill(
        "intermediate.int_customer_identities",
        "customer_code varchar, customer_key varchar",
        ((code, code) for code, *_ in effects),
    )
    models.build(
        "int_revenue_movements", "rpt_revenue_bridge",
        "rpt_revenue_retention_windows", "rpt_revenue_retention",
    )  # fmt: skip
    query = "select columns(*)::double from (select * exclude (reporting_month, is_closed_month)"
    bridge, retention = (
        dict(zip(names, values, strict=True))
        for names, values in (
            _named(models, f"{query} from marts.{name} where reporting_month = '{later}')")
            for name in ("rpt_revenue_bridge", "rpt_revenue_retention")
        )
    )
    before = {n: max(row[0], 0) for n, row in enumerate(movements)}
    after = {n: max(row[1], 0) for n, row in enumerate(movements)}
    old = [n for n in before if before[n] > 0]
    start = sum(before[n] for n in old)
    kept = sum(after[n] for n in old)
    assert retention["start_amount"] == bridge["start_amount"] == start
    assert retention["end_amount"] == kept
    assert (
        start
        - retention["contraction_amount"]
        - retention["churned_amount"]
        + retention["expansion_amount"]
        == kept
    )
    held = sum(min(before[n], after[n]) for n in old)
    gross, net = retention["gross_retention_rate"], retention["net_retention_ratio"]
    assert gross == pytest.approx(held / start if start else None)
    assert net == pytest.approx(kept / start if start else None)
    assert bridge["net_retention_ratio"] == net
    if start:
        assert 0 <= gross <= min(1, net + 1e-12)
        split = sum(bridge[f"{part}_ratio"] for part in ("price", "volume", "churn"))
        assert 1 + split == pytest.approx(net, abs=1e-9)
    parts = (
        "contraction_price", "contraction_volume", "churn", "expansion_price", "expansion_volume",
    )  # fmt: skip
    assert start + sum(bridge[f"{part}_amount"] for part in parts) == bridge["end_amount"] == kept
    came = {True: "returned_amount", False: "new_amount"}
    for bought_before, column in came.items():
        assert bridge[column] == sum(
            after[n]
            for n, row in enumerate(movements)
            if before[n] == 0 and row[6] == bought_before
        )
    steps = (
        "new", "split", "returned", "credit_change", "start_credit", "start_currency",
        "currency_effect",
    )  # fmt: skip
    assert bridge["end_reported_amount"] == sum(row[1] + row[3] for row in movements)
    assert bridge["start_reported_amount"] == sum(row[0] + row[2] for row in movements)
    assert kept + sum(bridge[f"{s}_amount"] for s in steps) == bridge["end_reported_amount"]


def _named(models: CompiledModels, query: str) -> tuple[list[str], tuple]:
    (row,) = models.rows(query)
    return [name for name, *_ in models.rows(f"describe {query}")], row


LIFE = st.tuples(st.integers(0, 9), st.integers(1, 12), st.booleans(), st.integers(1, 4))


@drawn
@given(lives=st.lists(LIFE, min_size=1, max_size=30))
def test_kaplan_meier_with_delayed_entry(models, lives):
    """Entered, months under observation, lost or censored, how many of them."""
    spells = [(entry, entry + length, lost, count) for entry, length, lost, count in lives]
    models.fill(
        "intermediate.int_tenure_exposures",
        "scheme varchar, class_code varchar, entry_months bigint, exit_months bigint,"
        " is_lost boolean, is_censored boolean, customer_count bigint,"
        " undeclared_start_count bigint",
        (("all", "all", a, b, lost, not lost, n, 0) for a, b, lost, n in spells),
    )
    models.build("rpt_tenure_survival")
    survival, greenwood, expected = Fraction(1), 0.0, []
    for tenure in range(1, 23):
        at_risk = sum(n for a, b, _, n in spells if a < tenure <= b)
        lost = sum(n for _, b, is_lost, n in spells if is_lost and b == tenure)
        censored = sum(n for _, b, is_lost, n in spells if not is_lost and b == tenure)
        entered = any(a + 1 == tenure for a, *_ in spells)
        if not at_risk:
            continue
        survival *= 1 - Fraction(lost, at_risk)
        greenwood += lost / (at_risk * (at_risk - lost)) if lost < at_risk else 0
        bounds = (None, None)
        if 0 < survival < 1:
            spread = 1.959963984540054 * math.sqrt(greenwood) / math.log(survival)
            bounds = tuple(float(survival) ** math.exp(sign * spread) for sign in (-1, 1))
        if entered or lost or censored:
            expected.append((tenure, at_risk, lost, censored, float(survival), *bounds))
    found = models.rows(
        "select tenure_months, at_risk_count, lost_count, censored_count, survival_rate,"
        " survival_low_rate, survival_high_rate, median_tenure_months"
        " from marts.rpt_tenure_survival order by 1"
    )
    assert [row[:4] for row in found] == [row[:4] for row in expected]
    for row, other in zip(found, expected, strict=True):
        assert row[4:7] == pytest.approx(other[4:], abs=2e-12)
    rates = [1.0, *(row[4] for row in found)]
    assert all(0 <= later <= earlier for earlier, later in pairwise(rates))
    half = [row[0] for row in expected if row[4] <= 0.5]
    assert {row[7] for row in found} == {half[0] if half else None}
