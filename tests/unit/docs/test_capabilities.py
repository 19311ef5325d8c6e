"""The page of capabilities is true: every name on it exists, and it is the one its rows make."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SPEC = importlib.util.spec_from_file_location(
    "build_capabilities", ROOT / "docs" / "build_capabilities.py"
)
capabilities = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(capabilities)

# How many rows each section of the owner's list has.
SECTIONS = {
    "M": 18, "F": 9, "I": 9, "V": 18, "S": 9, "L": 6, "R": 4, "C": 3, "P": 18, "T": 11, "A": 12,
    "B": 3, "X": 3, "O": 9,
}  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    return capabilities.read_rows()


@pytest.fixture(scope="module")
def columns():
    return capabilities.read_columns()


def test_every_name_is_a_column_of_a_mart(rows, columns):
    assert capabilities.find_faults(rows, columns) == []


def test_no_row_is_left_out(rows):
    expected = [
        f"{letter}{n:02}" for letter, count in SECTIONS.items() for n in range(1, count + 1)
    ]
    assert [row["id"] for row in rows] == expected


def test_page_is_written_from_the_rows(rows):
    assert capabilities.PAGE.read_text(encoding="utf-8") == capabilities.write_page(rows)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({"id": "M01", "answers": ["rpt_gone.rate"]}, "rpt_gone.rate"),
        ({"id": "M01"}, "needs an answer"),
        ({"id": "M01", "answers": ["rpt_churn_month.churn_rate"], "missing": "no"}, "not both"),
    ],
)
def test_a_row_that_is_wrong_is_refused(row, word, columns):
    (fault,) = capabilities.find_faults([row], columns)
    assert word in fault


def test_a_row_that_stands_twice_is_refused():
    row = {"id": "M01", "missing": "because"}
    assert capabilities.find_faults([row, row], set()) == ["M01 stands in 2 rows."]
