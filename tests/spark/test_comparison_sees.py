import duckdb
import pytest
from spark_marts import Pair

MART = """
    select *
    from (values ('a', 1.25::decimal(18, 4), 0.1::double), ('b', null, null)) as t (k, m, d)
"""


@pytest.fixture
def compare():
    with duckdb.connect() as connection:

        def differences(found, expected=MART, key=("k",)):
            connection.execute(f"create or replace view expected as {expected}")
            connection.execute(f"create or replace view found as {found}")
            return Pair(connection, "expected", "found", key).differences()

        yield differences


def test_the_same_rows_in_another_order_are_equal(compare):
    assert compare(f"{MART} order by k desc") == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (f"select * replace (m + 0.0001 as m) from ({MART})", "m: 1 values differ"),
        (f"select * replace (coalesce(m, 0) as m) from ({MART})", "m: 1 values differ"),
        (f"select * replace (d * 1.00000001 as d) from ({MART})", "d: 1 values differ"),
        (f"select * replace (coalesce(d, 0) as d) from ({MART})", "d: 1 values differ"),
        (f"select * replace (m::decimal(18, 2) as m) from ({MART})", "DECIMAL(18,2)"),
        (f"select k, d, m from ({MART})", "another order"),
        (f"select k, m from ({MART})", "absent"),
        (f"select * from ({MART}) where k = 'a'", "1 rows missing"),
        (f"select * from ({MART}) union all select 'c', null, null", "1 rows invented"),
        (f"select * from ({MART}) union all select * from ({MART})", "2 rows and 4"),
    ],
)
def test_a_difference_is_said(compare, found, said):
    assert said in "; ".join(compare(found))


def test_the_last_digits_of_a_double_are_no_difference(compare):
    assert compare(f"select * replace (d * (1 + 1e-13) as d) from ({MART})") == []


def test_without_a_key_rows_are_compared_by_all_that_is_exact(compare):
    changed = f"select * replace (m + 1 as m) from ({MART})"
    assert compare(MART, key=()) == []
    assert compare(changed, key=()) == ["1 rows missing", "1 rows invented"]
