"""Typing is done in SQL; these are its rules, value by value."""

from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest

from orchestration.loading.convert import Reading, clean_text, literal, native_to, text_to
from orchestration.loading.file_format import DEFAULT_FORMAT, FileFormat


def convert(data_type, text, zone="UTC", *, excel=False, **changes):
    file_format = FileFormat(**changes).over(DEFAULT_FORMAT)
    if file_format.time_zone is None:
        file_format = file_format.model_copy(update={"time_zone": zone})
    sql = text_to(data_type, "value", Reading(file_format, zone, excel))
    query = f"select {sql} from (select {literal(text)} as value)"
    return duckdb.sql(query).fetchone()[0]


GERMAN = {"decimal_separator": ",", "thousands_separator": "."}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", "1.5"),
        ("1.50000000", "1.5"),
        (".5", "0.5"),
        ("1e3", "1000"),
        ("+2", "2"),
        ("99999999999999.9999", "99999999999999.9999"),
        ("1.23456e1", "12.3456"),
        ("1.55555", None),
        ("1e-7", None),
        ("999999999999999", None),
        ("1_000", None),
        ("1,5", None),
        ("abc", None),
        ("NaN", None),
    ],
)
def test_money_fits_exactly_or_not_at_all(text, value):
    expected = None if value is None else Decimal(value)
    assert convert("decimal(18,4)", text) == expected


def test_rounding_must_be_asked_for():
    assert convert("decimal(18,2)", "1.555", excess_decimals="round") == Decimal("1.56")
    assert convert("decimal(18,2)", "1.555") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1234,5", "1234.5"),
        ("-1.234.567,8", "-1234567.8"),
        ("12.5", None),
        ("1.23,5", None),
        ("12,34,5", None),
    ],
)
def test_groups_must_stand_where_they_belong(text, value):
    expected = None if value is None else Decimal(value)
    assert convert("decimal(18,4)", text, **GERMAN) == expected


def test_a_decimal_comma_without_groups_refuses_a_point():
    assert convert("decimal(18,4)", "12.5", decimal_separator=",") is None
    assert convert("decimal(18,4)", "12,5", decimal_separator=",") == Decimal("12.5")


@pytest.mark.parametrize(
    ("style", "text"), [("leading", "-1.5"), ("trailing", "1.5-"), ("parentheses", "(1.5)")]
)
def test_negative_styles(style, text):
    assert convert("decimal(18,4)", text, negative_style=style) == Decimal("-1.5")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("007", 7),
        ("+5", 5),
        ("12.0", 12),
        ("1.5", None),
        ("0x10", None),
        ("1_000", None),
        ("99999999999999999999", None),
    ],
)
def test_whole_numbers_are_never_rounded(text, value):
    assert convert("bigint", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-03-05", date(2024, 3, 5)),
        ("2024-3-5", date(2024, 3, 5)),
        ("2024-03-05 10:11:12", date(2024, 3, 5)),
        ("2024-02-30", None),
        ("05.03.2024", None),
        ("0024-01-01", None),
        ("infinity", None),
        ("abc", None),
    ],
)
def test_iso_dates(text, value):
    assert convert("date", text) == value


def test_date_orders_are_declared_never_guessed():
    assert convert("date", "03/04/2024", date_formats=["%d/%m/%Y"]) == date(2024, 4, 3)
    assert convert("date", "03/04/2024", date_formats=["%m/%d/%Y"]) == date(2024, 3, 4)
    assert convert("date", "13/14/2024", date_formats=["%d/%m/%Y"]) is None
    assert convert("date", "2024年3月5日", date_formats=["%Y年%m月%d日"]) == date(2024, 3, 5)


def test_timestamps_come_to_the_business_zone():
    shanghai = {"zone": "Asia/Shanghai", "time_zone": "UTC"}
    assert convert("timestamp", "2024-03-05 20:00:00", **shanghai) == datetime(2024, 3, 6, 4)
    assert convert("date", "2024-03-05 20:00:00", **shanghai) == date(2024, 3, 6)
    assert convert("date", "2024-03-05", **shanghai) == date(2024, 3, 5)
    offset = convert("timestamp", "2024-03-05T20:00:00+02:00", zone="Asia/Shanghai")
    assert offset == datetime(2024, 3, 6, 2)


def test_a_month_ends_at_midnight_of_the_business_zone():
    berlin = {"zone": "Europe/Berlin", "time_zone": "UTC"}
    # An hour of October there is two hours of the same name, and one of March is missing.
    assert convert("date", "2024-10-31 22:59:59", **berlin) == date(2024, 10, 31)
    assert convert("date", "2024-10-31 23:00:00", **berlin) == date(2024, 11, 1)
    assert convert("date", "2024-03-31 21:59:59", **berlin) == date(2024, 3, 31)
    assert convert("date", "2024-03-31 22:00:00", **berlin) == date(2024, 4, 1)
    assert convert("timestamp", "2024-03-31 01:00:00", **berlin) == datetime(2024, 3, 31, 3)


@pytest.mark.parametrize(
    ("text", "value"), [("是", True), ("否", False), ("TRUE", True), ("n", False), ("x", None)]
)
def test_truth_values(text, value):
    assert convert("boolean", text) is value


def test_excel_numbers_and_days():
    assert convert("date", "45356", excel=True) == date(2024, 3, 5)
    assert convert("timestamp", "45356.43767361111", excel=True) == datetime(2024, 3, 5, 10, 30, 15)
    assert convert("decimal(18,4)", "0.30000000000000004", excel=True) == Decimal("0.3")
    assert convert("decimal(18,4)", "1.5", excel=True, **GERMAN) == Decimal("1.5")


@pytest.mark.parametrize("text", [" a ", "\ta", "a\u00a0", "\u3000a"])
def test_spaces_of_every_kind_are_trimmed(text):
    sql = clean_text("value", DEFAULT_FORMAT)
    assert duckdb.sql(f"select {sql} from (select {literal(text)} as value)").fetchone()[0] == "a"


def test_typed_values_are_held_to_the_contract_too():
    reading = Reading(DEFAULT_FORMAT, "UTC")

    def native(sql, kind, data_type):
        return duckdb.sql(f"select {native_to(data_type, sql, kind, reading)}").fetchone()[0]

    assert native("cast(0.1 as double)", "double", "decimal(18,4)") == Decimal("0.1")
    assert native("cast(0.1 as double) + cast(0.2 as double)", "double", "decimal(18,4)") is None
    assert native("cast(1.55555 as decimal(18,5))", "decimal(18,5)", "decimal(18,4)") is None
    assert native("cast(7 as double)", "double", "bigint") == 7
    assert native("cast(7.5 as double)", "double", "bigint") is None
