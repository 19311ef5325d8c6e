"""The checksum sees lost, doubled and altered rows, and is blind to their order."""

import duckdb
import pytest

from orchestration.publishing.content import WHOLE, Content, count_rows, part_filter, read_content
from orchestration.publishing.marts import Column, Mart

FACT = Mart(
    "fct_sales",
    (Column("reporting_month", "DATE"), Column("code", "VARCHAR"), Column("amount", "DOUBLE")),
)
REPORT = Mart("rpt_sales", FACT.columns)
ROWS = [
    "(date '2024-01-01', 'a', 1.5)",
    "(date '2024-01-01', 'b', null)",
    "(date '2024-02-01', 'c', 2.5)",
    "(null, 'd', 3.5)",
]


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


def _load(connection, rows):
    connection.execute(
        "create or replace table t (reporting_month date, code varchar, amount double)"
    )
    for row in rows:
        connection.execute(f"insert into t values {row}")


def test_order_of_rows_does_not_matter(connection):
    _load(connection, ROWS)
    forward = read_content(connection, "t", FACT)
    _load(connection, reversed(ROWS))
    assert read_content(connection, "t", FACT) == forward
    assert set(forward) == {"2024-01", "2024-02", "none"}


@pytest.mark.parametrize(
    "rows",
    [
        ROWS[1:],
        [*ROWS, ROWS[0]],
        [*ROWS, ROWS[0], ROWS[0]],
        ["(date '2024-01-01', 'a', 1.5000000000000002)", *ROWS[1:]],
        ["(date '2024-01-01', null, 1.5)", *ROWS[1:]],
        ["(date '2024-01-01', 'b', 1.5)", "(date '2024-01-01', 'a', null)", *ROWS[2:]],
    ],
    ids=["lost", "doubled", "tripled", "last bit", "emptied", "swapped"],
)
def test_altered_rows_are_seen_in_their_month_only(connection, rows):
    _load(connection, ROWS)
    before = read_content(connection, "t", FACT)
    _load(connection, rows)
    after = read_content(connection, "t", FACT)
    assert before["2024-01"] != after["2024-01"]
    assert before["2024-02"] == after["2024-02"]


def test_report_is_one_part(connection):
    _load(connection, ROWS)
    assert list(read_content(connection, "t", REPORT)) == [WHOLE]
    assert count_rows(connection, "t", REPORT) == {WHOLE: 4}


def test_table_without_rows_is_still_there(connection):
    _load(connection, [])
    assert read_content(connection, "t", FACT) == {WHOLE: Content(0, "0")}
    assert count_rows(connection, "t", FACT) == {WHOLE: 0}


def test_parts_wanted_are_all_that_is_read(connection):
    _load(connection, ROWS)
    everything = read_content(connection, "t", FACT)
    wanted = {"2024-02", "none"}
    assert read_content(connection, "t", FACT, wanted) == {
        part: everything[part] for part in wanted
    }
    assert count_rows(connection, "t", FACT) == {part: c.rows for part, c in everything.items()}


@pytest.mark.parametrize(("part", "codes"), [("2024-01", "ab"), ("2024-02", "c"), ("none", "d")])
def test_filter_selects_exactly_its_part(connection, part, codes):
    _load(connection, ROWS)
    rows = connection.execute(f"select code from t where {part_filter(part)} order by 1").fetchall()
    assert "".join(code for (code,) in rows) == codes
