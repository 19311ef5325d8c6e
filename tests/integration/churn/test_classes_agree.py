"""ABCD, key to maintenance and Pareto a second time, in pandas and from the raw files.

By none of the models' means: plain Python sorts and counts, in whole thousandths of money. The
ledger has no credit grades, no costs and no links from credit notes to invoices, so volume alone
decides; and each file vouches for its own month, so what was known is what is known now.
"""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from real_ledger import read_lines

pytestmark = pytest.mark.xdist_group("churn_real")

CUTS = {
    "abcd": ([Decimal("0.2"), Decimal("0.5"), Decimal("0.8")], "abcd"),
    "kmgm": (
        [Decimal("0.05"), Decimal("0.2"), Decimal("0.8")],
        ("key", "major", "ordinary", "maintain"),
    ),
}


@pytest.fixture(scope="module")
def trailing(online_retail):
    """Net revenue of the trailing year in thousandths: a row a customer, a column a month."""
    lines = read_lines(online_retail)
    revenue = lines.pivot_table(
        index="customer", columns="month", values="amount", aggfunc="sum", fill_value=0
    )
    months = list(revenue.columns)
    return pd.DataFrame(
        {
            month: revenue[months[max(0, place - 11) : place + 1]].sum(axis=1)
            for place, month in enumerate(months)
        }
    )


@pytest.fixture(scope="module")
def live(real_marts):
    """Who was a customer at the end of each month."""
    found = {}
    for month, customer in real_marts.rows(
        "select strftime(reporting_month, '%Y-%m'), customer_key from marts.fct_customer_months"
        " inner join seeds.customer_states using (customer_state) where is_live"
    ):
        found.setdefault(month, []).append(customer)
    return found


@pytest.mark.parametrize("scheme", CUTS)
def test_every_class_of_every_month(real_marts, trailing, live, scheme):
    shares, names = CUTS[scheme]
    expected = {}
    for before, month in zip(trailing.columns, trailing.columns[1:], strict=False):
        amounts = {customer: int(trailing.at[customer, before]) for customer in live[str(before)]}
        cuts = [int((len(amounts) * share).quantize(Decimal(1), ROUND_HALF_UP)) for share in shares]
        better = _count_better(amounts.values())
        for customer, amount in amounts.items():
            place = better[amount] + 1
            expected[str(month), customer] = names[sum(place > cut for cut in cuts)]
    found = {
        (month, customer): restated
        for month, customer, restated in real_marts.rows(
            "select strftime(reporting_month, '%Y-%m'), customer_key, class_restated"
            f" from marts.fct_customer_classes where scheme = '{scheme}'"
        )
    }
    assert found == expected
    assert len({name for _, name in found.items()}) == len(names)


def _count_better(amounts):
    """How many customers brought more, for each amount there is."""
    better, so_far = {}, 0
    for amount, count in sorted(Counter(amounts).items(), reverse=True):
        better[amount] = so_far
        so_far += count
    return better


def test_what_was_known_is_what_is_known(real_marts):
    """Every month came with its own file, none late or corrected: the two editions are one."""
    assert real_marts.column(
        "select count(*) from marts.fct_customer_classes where class_as_known <> class_restated"
    ) == [0]


def test_pareto_and_gini(real_marts, trailing):
    expected = {}
    for month in trailing.columns:
        amounts = sorted((int(a) for a in trailing[month] if a > 0), reverse=True)
        total = sum(amounts)
        top = int((len(amounts) * Decimal("0.2")).quantize(Decimal(1), ROUND_HALF_UP))
        so_far = needed = 0
        while so_far * 10 < total * 8:
            so_far += amounts[needed]
            needed += 1
        weighted = sum(rank * a for rank, a in enumerate(reversed(amounts), 1))
        negative = [int(a) for a in trailing[month] if a < 0]
        expected[str(month)] = (
            len(amounts), total, top, sum(amounts[:top]), needed,
            2 * (weighted / 1000) / (len(amounts) * (total / 1000))
            - (len(amounts) + 1) / len(amounts),
            len(negative), sum(negative),
        )  # fmt: skip
    rows = real_marts.rows(
        "select strftime(reporting_month, '%Y-%m'), customer_count, total_amount,"
        " top_customer_count, top_amount, target_customer_count, gini_coefficient,"
        " negative_customer_count, negative_amount, top_share, target_customer_share,"
        " is_closed_month from marts.rpt_pareto_month where measure = 'revenue'"
    )
    assert len(rows) == len(expected)
    for month, base, total, top, top_amount, needed, gini, *rest in rows:
        negative_count, negative, top_share, needed_share, is_closed = rest
        wanted = expected[month]
        assert (base, int(total * 1000), top, int(top_amount * 1000), needed) == wanted[:5]
        assert (negative_count, int(negative * 1000)) == wanted[6:]
        if is_closed:
            assert gini == wanted[5]
            assert top_share == float(top_amount) / float(total)
            assert needed_share == needed / base
        else:
            assert (gini, top_share, needed_share) == (None, None, None)


def test_profit_is_unknown_without_costs(real_marts):
    assert real_marts.rows(
        "select max(customer_count), count(top_share), min(unknown_customer_count) > 0"
        " from marts.rpt_pareto_month where measure = 'profit'"
    ) == [(0, 0, True)]


def test_what_needs_a_crm_stays_open(real_marts):
    """No wallet, no cost, no receipt: no core customer, no key account, and no error either."""
    assert dict(
        real_marts.rows(
            "select scheme, string_agg(distinct class_restated, ' ' order by class_restated)"
            " from marts.fct_customer_classes where scheme in ('core', 'potential', 'key_account')"
            " group by scheme"
        )
    ) == {
        "core": "unclassified",
        "potential": "unclassified",
        "key_account": "other unclassified",
    }
