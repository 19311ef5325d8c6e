import re
from datetime import date
from decimal import Decimal

import pytest

from orchestration.report.charts import Point, round_up, series
from orchestration.report.reader import Cell
from orchestration.report.words import Words

PLACE = re.compile(r"\{(\w+)(?::(\w+))?\}")


def test_both_languages_say_the_same_with_the_same_numbers():
    english, chinese = Words("en").texts, Words("zh").texts
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert sorted(PLACE.findall(text)) == sorted(PLACE.findall(chinese[key])), key


@pytest.mark.parametrize(
    ("value", "kind", "written"),
    [
        (None, "count", "not known"),
        (0, "count", "0"),
        (12345, "count", "12,345"),
        (0.0123, "share", "1.2%"),
        (0.5, "share", "50%"),
        (0.0, "share", "0%"),
        (Decimal("1234567.5000"), "money", "1,234,568"),
        (0.0004, "p", "<0.001"),
        (0.0306, "p", "0.031"),
        (2.0, "weight", "2"),
        (0.7, "weight", "0.7"),
        (date(2024, 3, 1), "month", "Mar 2024"),
        ("solved", "verdict", "solved"),
        ("unheard_of", "verdict", "unheard_of"),
    ],
)
def test_values_are_written_for_people(value, kind, written):
    assert Words("en").plain(value, kind) == written


def test_a_sentence_names_each_row_once():
    words = Words("en")
    key = {"reporting_month": date(2024, 3, 1)}
    cells = {name: Cell(4, "rpt_churn_month", key, f"{name}_count") for name in ("lost", "start")}
    sentence = words.say("card_left_value", **cells)
    assert sentence.count('href="#r1"') == 1
    (origin,) = words.origins()
    assert (origin.mart, origin.columns) == ("rpt_churn_month", "lost_count, start_count")


def test_text_of_the_release_cannot_become_markup():
    words = Words("en")
    cell = Cell("<script>", "m", {"k": '"><script>'}, "c")
    assert "<script>" not in words.number(cell)
    assert "<script>" not in words.say("quiet", labels="<script>")


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (0.07, 0.08), (7, 8), (390, 400), (1000, 1000), (1001, 1200)]
)
def test_axes_end_with_a_round_number(value, top):
    assert round_up(value) == pytest.approx(top)


def test_no_line_is_drawn_over_what_is_not_known():
    points = [Point("a", 1.0), Point("b", None), Point("c", 2.0, mark="up"), Point("d", 3.0)]
    chart = series(points, "said & done")
    assert chart.count('class="line"') == 2
    assert chart.count('class="mark up"') == 1
    assert 'aria-label="said &amp; done"' in chart


def test_a_band_far_above_everything_does_not_flatten_the_line():
    points = [Point("a", 10.0, low=0.0, high=5000.0), Point("b", 8.0, low=0.0, high=4000.0)]
    assert ">25<" in series(points, "")
