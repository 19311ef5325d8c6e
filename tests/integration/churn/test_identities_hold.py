"""What must add up, adds up whatever happened: on companies drawn by chance, and counted twice.

The models run on rows that no sample would hold: customers lost every other month, closed in their
first, classed anew each month. What they say is counted again here, customer by customer.
"""

from collections import Counter
from itertools import pairwise

import pytest
from compiled_models import CompiledModels
from hypothesis import given, settings
from random_company import (
    BRIDGE_MONTHS,
    EDITIONS,
    MONTH_COUNT,
    SCHEMES,
    Customer,
    companies,
    month,
)
from statsmodels.stats.proportion import proportion_confint

pytestmark = pytest.mark.xdist_group("identities")
drawn = settings(max_examples=25, deadline=None, derandomize=True)
HORIZONS = {"month": 1, "quarter": 3, "trailing_year": 12}
NUMBERS = {month(number): number for number in range(MONTH_COUNT + 1)}


@pytest.fixture(scope="module")
def models(complete_home):
    built = CompiledModels(complete_home)
    built.fill_from_seed("customer_states", ("customer_state", "is_live"))
    built.fill(
        "marts.dim_months",
        "reporting_month date, period_end_date date, days_in_month bigint, is_closed_month boolean",
        (
            (month(n), month(n + 1), (month(n + 1) - month(n)).days, n < MONTH_COUNT - 1)
            for n in range(MONTH_COUNT)
        ),
    )
    built.fill(
        "intermediate.int_month_ends",
        "reporting_month date, period_end_date date, fiscal_year bigint,"
        " ledger_month_number bigint, is_closed_month boolean",
        (
            (month(n), month(n + 1), month(n).year, n + 1, n < MONTH_COUNT - 1)
            for n in range(MONTH_COUNT)
        ),
    )
    built.fill(
        "intermediate.int_class_months",
        "class_month date, measured_month date",
        ((month(n + 1), month(n)) for n in range(MONTH_COUNT)),
    )
    built.fill(
        "intermediate.int_defection_policies",
        "fiscal_year bigint, fiscal_year_start_date date, next_fiscal_year_start_date date,"
        " partial_bridge_months bigint, false_defection_months bigint",
        (
            (month(n).year, month(n), month(n + 12), BRIDGE_MONTHS, 12)
            for n in range(0, MONTH_COUNT, 12)
        ),
    )
    built.fill(
        "intermediate.int_defection_episodes",
        "customer_key varchar, defected_on date, returned_on date",
        (),
    )
    built.fill(
        "intermediate.int_class_false_defections",
        "basis varchar, scheme varchar, customer_class varchar, reporting_month date,"
        " mature_episode_count bigint, false_defection_count bigint",
        (),
    )
    return built


def lapsed_since(customer: Customer, n: int) -> int:
    """Number of the month in which a customer began to be pending."""
    while customer.state(n - 1) == "lapsed_pending":
        n -= 1
    return n


def fill(models: CompiledModels, company: list[Customer]) -> None:
    models.fill(
        "marts.fct_customer_months",
        "customer_key varchar, group_customer_key varchar, reporting_month date,"
        " customer_state varchar, customer_state_at_start varchar, first_purchase_month date,"
        " net_revenue_t12 decimal(18, 4), margin_t12 decimal(18, 4), is_split_off boolean",
        (
            (
                c.key, c.key, month(n), c.state(n), c.state(n - 1),
                None if c.first is None else month(c.first),
                c.trailing(n), c.margins[n - c.seen], c.is_split_off,
            )
            for c in company
            for n in c.spine()
        ),
    )  # fmt: skip
    models.fill(
        "intermediate.int_customer_states",
        "customer_key varchar, reporting_month date, customer_state varchar",
        ((c.key, month(n), c.state(n)) for c in company for n in c.spine()),
    )
    # A contract ends where a customer is pending first.
    models.fill(
        "intermediate.int_lapsed_months",
        "customer_key varchar, reporting_month date, contract_end date",
        (
            (c.key, month(n), month(lapsed_since(c, n)))
            for c in company
            for n in c.spine()
            if c.state(n) == "lapsed_pending"
        ),
    )
    models.fill(
        "intermediate.int_customer_classes",
        "customer_key varchar, class_month date, edition varchar,"
        + ", ".join(f"{scheme}_class varchar" for scheme in SCHEMES),
        (
            (c.key, month(n), edition, *(c.group(n, edition, scheme) for scheme in SCHEMES))
            for c in company
            for n in range(1, MONTH_COUNT + 1)
            if c.is_live(n - 1)
            for edition in EDITIONS
        ),
    )


@drawn
@given(company=companies())
def test_customer_bridge_and_churn(models, company):
    fill(models, company)
    models.build("int_provisional_months", "rpt_customer_bridge_month", "rpt_churn_month")
    rows = models.rows(
        "select bridge.reporting_month, bridge.start_customer_count, new_customer_count,"
        " split_customer_count, returned_customer_count, bridge.lost_customer_count,"
        " closed_customer_count, end_customer_count, churn.lost_customer_count, churn_rate,"
        " churn_low_rate, churn_high_rate, annualised_churn_rate"
        " from marts.rpt_customer_bridge_month as bridge"
        " inner join marts.rpt_churn_month as churn using (reporting_month) order by 1"
    )
    assert len(rows) == MONTH_COUNT
    for day, start, new, split, returned, lost, closed, end, churned, *rates in rows:
        n = NUMBERS[day]
        there = {c.key for c in company if c.is_live(n - 1)}
        then = {c.key for c in company if c.is_live(n)}
        first = {c.key for c in company if c.first == n}
        gone = {c.key for c in company if c.state(n) == "defected_full"}
        shut = {c.key for c in company if c.state(n) == "closed_permanent"}
        parts = {c.key for c in company if c.is_split_off}
        assert (start, new, end) == (len(there), len(first - parts), len(then))
        assert split == len(first & parts)
        assert returned == len(then - there - first)
        assert (lost, closed) == (len(gone & (there | first)), len(shut & (there | first)))
        assert start + new + split + returned - lost - closed == end
        assert churned == len(gone & there)
        if not there or n == MONTH_COUNT - 1:
            assert rates == [None] * 4
            continue
        rate = len(gone & there) / len(there)
        low, high = proportion_confint(len(gone & there), len(there), method="wilson")
        yearly = 1 - (1 - rate) ** (365 / (month(n + 1) - day).days)
        assert rates == pytest.approx([rate, low, high, yearly], abs=1e-12)
    for before, after in pairwise(rows):
        assert before[7] == after[1]
    last = MONTH_COUNT - 1
    open_since = [lapsed_since(c, last) for c in company if c.state(last) == "lapsed_pending"]
    for day, lapsed, is_provisional in models.rows(
        "select reporting_month, lapsed_customer_count, is_provisional"
        " from marts.rpt_customer_bridge_month"
    ):
        n = NUMBERS[day]
        assert lapsed == sum(c.state(n) == "lapsed_pending" for c in company)
        assert is_provisional == (n == last or any(first <= n for first in open_since))


def is_partial_before(customer: Customer, n: int) -> bool:
    """Whether a partial episode is under way when a month begins."""
    for back in range(1, n + 1):
        if customer.state(n - back) == "defected_full":
            return False
        if customer.state(n - back) == "partial_defector":
            return back <= 1 + BRIDGE_MONTHS
    return False


def count_churn(company: list[Customer]) -> dict[tuple, tuple]:
    """Heads, revenue and margin, and those lost, by scheme, class, kind, horizon and month."""
    counted: dict[tuple, list[int]] = {}
    for edition in EDITIONS:
        for horizon, length in HORIZONS.items():
            for n in range(1, MONTH_COUNT - length + 1):
                for c in company:
                    if not c.is_live(n - 1):
                        continue
                    end = c.state(n + length - 1)
                    left = {
                        "full": end == "defected_full",
                        "partial": end == "partial_defector",
                        "any": end in ("defected_full", "partial_defector"),
                    }
                    revenue = max(c.trailing(n - 1), 0)
                    margin = c.margins[n - 1 - c.seen]
                    costed = margin is not None
                    measures = (1, revenue, max(margin or 0, 0), int(costed))
                    for kind, is_left in left.items():
                        asked = kind == "full" or not is_partial_before(c, n)
                        groups = [("all", "all")]
                        groups += [(scheme, c.group(n, edition, scheme)) for scheme in SCHEMES]
                        for scheme, group in groups:
                            key = (edition, scheme, group, kind, horizon, month(n + length - 1))
                            sums = counted.setdefault(key, [0] * 8)
                            for place, value in enumerate(measures):
                                sums[place] += value * asked
                                sums[place + 4] += value * (asked and is_left)
    return {key: tuple(sums[:3] + sums[4:7] + sums[3:4]) for key, sums in counted.items()}


@drawn
@given(company=companies())
def test_churn_and_bridge_by_class(models, company):
    fill(models, company)
    models.build(
        "int_provisional_months", "int_churn_bases", "int_class_churn_cubes",
        "int_class_churn_counts", "rpt_churn_by_class",
        "int_class_entries", "int_class_populations", "rpt_class_migration",
        "rpt_customer_bridge_month", "rpt_customer_bridge_class_month",
    )  # fmt: skip
    found = {
        tuple(key): (*(int(value) for value in values), round(coverage * float(values[0])))
        for *key, coverage, values in models.rows(
            "select basis, scheme, customer_class, defection_type, horizon, reporting_month,"
            " coalesce(margin_coverage_share, 0), [start_customer_count, start_revenue,"
            " coalesce(start_margin, 0), defected_customer_count, defected_revenue,"
            " coalesce(defected_margin, 0)] from marts.rpt_churn_by_class"
            " where basis <> 'year_earlier'"
        )
    }
    assert found == count_churn(company)
    for rate, numerator, denominator, is_closed in models.rows(
        "select churn_rate, defected_customer_count, start_customer_count, is_closed_month"
        " from marts.rpt_churn_by_class"
    ):
        assert rate == (numerator / denominator if is_closed and denominator else None)
    _bridge_by_class_adds_up(models, company)


def _bridge_by_class_adds_up(models: CompiledModels, company: list[Customer]) -> None:
    parts = (
        "start_customer_count", "new_customer_count", "split_customer_count",
        "returned_customer_count", "lost_customer_count", "closed_customer_count",
        "end_customer_count",
    )  # fmt: skip
    whole = {
        row[0]: row[1:]
        for row in models.rows(
            f"select reporting_month, {', '.join(parts)} from marts.rpt_customer_bridge_month"
        )
    }
    moved = Counter(
        (edition, scheme, month(n), c.group(n, edition, scheme), c.group(n + 1, edition, scheme))
        for c in company
        for n in range(1, MONTH_COUNT)
        if c.is_live(n - 1) and c.is_live(n)
        for edition in EDITIONS
        for scheme in SCHEMES
    )
    by_scheme: dict[tuple, list[int]] = {}
    for basis, scheme, name, day, into, out, *values in models.rows(
        "select basis, scheme, customer_class, reporting_month, migrated_in_customer_count,"
        f" migrated_out_customer_count, {', '.join(parts)}"
        " from marts.rpt_customer_bridge_class_month"
    ):
        start, new, split, returned, lost, closed, end = values
        assert start + new + split + returned + into - out - lost - closed == end
        moves = {pair[3:]: n for pair, n in moved.items() if pair[:3] == (basis, scheme, day)}
        assert into == sum(n for (a, b), n in moves.items() if b == name != a)
        assert out == sum(n for (a, b), n in moves.items() if a == name != b)
        sums = by_scheme.setdefault((basis, scheme, day), [0] * 8)
        for place, value in enumerate((*values, into - out)):
            sums[place] += value
    for (_, _, day), (*sums, balance) in by_scheme.items():
        assert tuple(sums) == whole[day]
        assert balance == 0
    shares = models.rows(
        "select sum(migration_share), sum(customer_count), any_value(start_customer_count)"
        " from marts.rpt_class_migration where is_closed_month"
        " group by basis, scheme, reporting_month, class_at_start"
    )
    for share, customers, start in shares:
        assert share == pytest.approx(1, abs=1e-12)
        assert customers == start
