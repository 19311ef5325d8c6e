"""The customer bridge of every class: its identity, and every part a second time in pandas."""

import pandas as pd
import pytest
from spine import read_classes, read_spine

PARTS = (
    "start",
    "new",
    "split",
    "returned",
    "migrated_in",
    "migrated_out",
    "lost",
    "closed",
    "end",
)


def assert_identity(marts):
    rows = marts.rows(
        "select scheme, basis, reporting_month, customer_class, start_customer_count"
        " + new_customer_count + split_customer_count + returned_customer_count"
        " + migrated_in_customer_count - migrated_out_customer_count"
        " - lost_customer_count - closed_customer_count,"
        " end_customer_count, start_customer_count"
        " from marts.rpt_customer_bridge_class_month order by all"
    )
    assert rows
    assert all(end == made for *_, made, end, _ in rows)
    ends = {(s, b, c, month): end for s, b, month, c, _, end, _ in rows}
    for scheme, basis, month, customer_class, _, _, start in rows:
        before = (pd.Timestamp(month) - pd.DateOffset(months=1)).date()
        if before.isoformat() >= min(key[3] for key in ends).isoformat():
            assert start == ends.get((scheme, basis, customer_class, before), 0)


def expected_bridge(marts, basis):
    """Customers of each part by scheme, month and class, one customer and move at a time."""
    spine = read_spine(marts)
    classes, schemes = read_classes(marts, basis)
    moves = spine.merge(classes, on=["customer", "month"], how="left").merge(
        classes.assign(month=classes["month"] - 1),
        on=["customer", "month"], how="left", suffixes=("_before", "_after"),
    )  # fmt: skip
    counts = {}

    def count(part, scheme, month, customer_class):
        key = (scheme, str(month), customer_class)
        counts.setdefault(key, dict.fromkeys(PARTS, 0))[part] += 1

    for move in moves.to_dict("records"):
        is_new = move["first_month"] == move["month"]
        for scheme in schemes:
            before, after = move[f"{scheme}_before"], move[f"{scheme}_after"]
            before = before if move["was_live"] else "none"
            place = (scheme, move["month"])
            if move["was_live"]:
                count("start", *place, before)
            elif is_new:
                count("new", *place, after if move["is_live"] else "none")
            elif move["is_live"]:
                count("returned", *place, after)
            if move["is_live"]:
                count("end", *place, after)
                if move["was_live"] and before != after:
                    count("migrated_out", *place, before)
                    count("migrated_in", *place, after)
            elif move["was_live"] or is_new:
                part = {"defected_full": "lost", "closed_permanent": "closed"}[move["state"]]
                count(part, *place, before)
    return {key: tuple(parts.values()) for key, parts in counts.items()}


def assert_every_part(marts, basis):
    columns = ", ".join(f"{part}_customer_count" for part in PARTS)
    found = {
        tuple(key): tuple(parts)
        for *key, parts in marts.rows(
            "select scheme, strftime(reporting_month, '%Y-%m'), customer_class,"
            f" [{columns}] from marts.rpt_customer_bridge_class_month where basis = '{basis}'"
        )
    }
    assert found
    assert {key: parts for key, parts in found.items() if any(parts)} == expected_bridge(
        marts, basis
    )


# Beside the other tests of each warehouse, or it would be built twice.
@pytest.mark.xdist_group("churn_real")
def test_of_the_real_ledger(real_marts):
    assert_identity(real_marts)


@pytest.mark.xdist_group("churn_edge_cases")
def test_of_the_edge_cases(edge_case_marts):
    assert_identity(edge_case_marts)


@pytest.mark.xdist_group("churn_real")
@pytest.mark.parametrize("basis", ["as_known", "restated"])
def test_every_part_of_the_real_ledger(real_marts, basis):
    assert_every_part(real_marts, basis)


@pytest.mark.xdist_group("churn_edge_cases")
@pytest.mark.parametrize("basis", ["as_known", "restated"])
def test_every_part_of_the_edge_cases(edge_case_marts, basis):
    assert_every_part(edge_case_marts, basis)
