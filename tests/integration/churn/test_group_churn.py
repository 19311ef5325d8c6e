"""Churn of groups a second time, in pandas: sets of customers before and after, nothing else."""

import pytest
from spine import NOT_LIVE, read_classes, read_spine

HORIZONS = {"month": 1, "quarter": 3, "trailing_year": 12}


def expected_counts(marts):
    """Counts and revenue by kind, horizon and month the period ends with."""
    spine = read_spine(marts)
    classes, _ = read_classes(marts, "as_known")
    states = dict(
        zip(zip(spine["customer"], spine["month"], strict=True), spine["state"], strict=True)
    )
    members = {group: set(own) for group, own in spine.groupby("group")["customer"]}
    key_accounts = {
        (row.customer, row.month)
        for row in classes[classes["key_account"] == "key_account"].itertuples()
    }
    last_month = spine["month"].max()
    counts = {}
    for (group, month), starts in spine[spine["was_live"]].groupby(["group", "month"]):
        customers = dict(zip(starts["customer"], starts["revenue_at_start"], strict=True))
        kinds = ["all"]
        if len(members[group]) > 1:
            kinds.append("several_members")
        if any((customer, month) in key_accounts for customer in customers):
            kinds.append("key_account")
        for horizon, length in HORIZONS.items():
            end = month + length - 1
            if end > last_month:
                continue
            left = {member: states.get((member, end), "prospect") for member in members[group]}
            is_kept = any(state not in NOT_LIVE for state in left.values())
            lost = sum(left[customer] == "defected_full" for customer in customers)
            revenue = int(sum(customers.values()))
            row = (
                1, int(not is_kept and lost > 0), int(not is_kept and lost == 0), revenue,
                revenue if not is_kept and lost > 0 else 0, len(customers), lost,
                lost if is_kept else 0,
            )  # fmt: skip
            for kind in kinds:
                key = (kind, horizon, str(end))
                before = counts.get(key, (0,) * len(row))
                counts[key] = tuple(a + b for a, b in zip(before, row, strict=True))
    return counts


def found_counts(marts):
    return {
        tuple(key): (*groups, int(revenue * 10_000), int(lost * 10_000), *customers)
        for *key, groups, revenue, lost, customers in marts.rows(
            "select group_kind, horizon, strftime(reporting_month, '%Y-%m'),"
            " [start_group_count, lost_group_count, closed_group_count], start_revenue,"
            " lost_revenue, [start_customer_count, lost_customer_count, lost_in_kept_group_count]"
            " from marts.rpt_group_churn"
        )
    }


@pytest.mark.xdist_group("churn_real")
def test_of_the_real_ledger_is_that_of_its_customers(real_marts):
    """It knows no groups: every one is a customer alone, and the rates are those of customers."""
    expected = expected_counts(real_marts)
    assert expected
    assert found_counts(real_marts) == expected
    assert not real_marts.rows(
        "select * from marts.rpt_group_churn inner join marts.rpt_churn_by_class as churn"
        " using (horizon, reporting_month) where group_kind = 'all' and churn.scheme = 'all'"
        " and defection_type = 'full' and basis = 'as_known'"
        " and rpt_group_churn.churn_rate is distinct from churn.churn_rate"
    )


@pytest.mark.xdist_group("churn_edge_cases")
def test_of_the_edge_cases(edge_case_marts):
    found = found_counts(edge_case_marts)
    assert found == expected_counts(edge_case_marts)
    assert "defected_full" in edge_case_marts.states("SITE_A")
    several = {key: counts for key, counts in found.items() if key[0] == "several_members"}
    # The old code is lost once a month, and its group never is.
    assert sum(counts[7] for key, counts in several.items() if key[1] == "month") == 1
    assert {counts[1] for counts in several.values()} == {0}


@pytest.mark.xdist_group("churn_edge_cases")
def test_whoever_stands_alone_is_a_group_that_is_lost(edge_case_marts):
    """ALONE and SITE_A fall silent on one day: two customers are lost, and one group."""
    month = edge_case_marts.column(
        "select date_trunc('month', effective_date)::varchar"
        " from intermediate.int_defection_episodes where customer_key = 'ALONE'"
    )[0]
    assert edge_case_marts.rows(
        "select lost_group_count, lost_customer_count, lost_in_kept_group_count"
        " from marts.rpt_group_churn where group_kind = 'all' and horizon = 'month'"
        f" and reporting_month = '{month}'"
    ) == [(1, 2, 1)]
