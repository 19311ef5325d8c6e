"""Months, business days, parameters and names of the sample company."""

from datetime import date

import pytest

from orchestration.loading.file_names import is_later, parse_file_name
from orchestration.sample.names import company_name
from orchestration.sample.oddities import Oddities, corrected_name, late_name
from orchestration.sample.parameters import (
    Parameters,
    Window,
    add_months,
    is_business_day,
    next_business_days,
)


def test_months_are_counted_across_years():
    assert add_months(date(2024, 12, 31), 1) == date(2025, 1, 1)
    assert add_months(date(2024, 1, 1), -1) == date(2023, 12, 1)


def test_window_ends_with_the_fixed_month_whatever_the_day():
    window = Window.of(36)
    assert (window.first_month, window.month(-1), window.end) == (
        date(2023, 1, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
    )
    assert len(window.all_months()) == 36


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 2, 9), True),  # the Friday before the Spring Festival
        (date(2024, 2, 12), False),  # a Monday inside it
        (date(2024, 2, 19), True),
        (date(2024, 10, 3), False),
        (date(2024, 6, 1), False),  # a Saturday
        (date(2024, 6, 3), True),
    ],
)
def test_business_days_leave_out_weekends_and_holidays(day, works):
    assert is_business_day(day) is works


def test_every_day_leads_to_the_first_business_day_from_it_on():
    pairs = dict(next_business_days(Window.of(12)))
    assert pairs[date(2025, 6, 7)] == date(2025, 6, 9)
    assert pairs[date(2025, 6, 9)] == date(2025, 6, 9)
    assert all(is_business_day(day) and day >= start for start, day in pairs.items())


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"scale": 0}, "scale"),
        ({"scale": 1001}, "scale"),
        ({"months": 11}, "months"),
        ({"language": "de"}, "language"),
        ({"file_format": "xlsx"}, "file_format"),
        ({"customers": 119}, "customers"),
    ],
)
def test_parameters_out_of_range_are_named(wrong, named):
    with pytest.raises(ValueError, match=named):
        Parameters(**wrong)


def test_a_count_of_customers_leaves_the_scale_its_ledger():
    usual, given = Parameters(scale=10), Parameters(scale=10, customers=2_000)
    assert (usual.customer_count, usual.pace) == (20_000, 1.0)
    assert (given.customer_count, given.pace) == (2_000, 10.0)
    assert not Parameters(scale=100, customers=2_000).is_changes_only
    assert Parameters(scale=1, customers=40_000).is_changes_only


def test_a_stamp_names_customers_only_where_they_were_given():
    assert "customers" not in Parameters().stamp()
    assert Parameters(customers=500).stamp()["customers"] == 500


def test_company_names_differ_between_customers():
    names = {company_name(number, 17, "en") for number in range(50_000)}
    assert len(names) == 50_000


def test_revision_names_follow_the_loaders_grammar():
    month = date(2024, 3, 1)
    first = parse_file_name("2024-03.csv.gz")
    late = parse_file_name(f"{late_name(month)}.csv.gz")
    corrected = parse_file_name(f"{corrected_name(month)}.csv.gz")
    assert (late.period_start, late.delivered_on) == (month, date(2024, 5, 9))
    assert corrected.delivered_on == date(2024, 5, 4)
    assert is_later(corrected, first)


@pytest.mark.parametrize("months", [12, 18, 24, 36, 60])
def test_no_two_oddities_share_a_month(months):
    odd = Oddities.of(Window.of(months))
    befallen = [
        odd.overlap,
        add_months(odd.overlap, 1),
        odd.corrected,
        odd.late_ledger,
        odd.late_deliveries,
        odd.duplicate,
    ]
    assert len(set(befallen)) == len(befallen)
