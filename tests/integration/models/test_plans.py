"""No model compares every row of one table with every row of another where equal keys would do.

DuckDB hashes a left join only where its condition is equalities of columns, and comparisons; with
any other condition between the two sides it falls back to a nested loop, silently. On the small
sample that costs nothing, and at a hundred times its size hours.
"""

import json
import re
from pathlib import Path

import duckdb

from orchestration.home import Home

# An equality of columns of one name, as keys are joined here.
KEY = re.compile(r"\((\w+) = \1\)")
# Joins either a type or its family: corrective actions, of which there are dozens.
ALLOWED = {"int_action_targets"}


def nodes(plan):
    yield plan
    for child in plan.get("children", []):
        yield from nodes(child)


def loops(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """Return the conditions of nested-loop joins that hold an equality of two columns."""
    (_, text) = connection.execute(f"explain (format json) {query}").fetchone()
    return [
        condition
        for root in json.loads(text)
        for node in nodes(root)
        if node["name"] == "BLOCKWISE_NL_JOIN"
        for condition in [str(node["extra_info"].get("Condition", ""))]
        if KEY.search(condition)
    ]


def test_no_join_of_keys_is_a_nested_loop(complete_home):
    home = Home.at(complete_home)
    compiled = {
        path.stem: path.read_text("utf-8")
        for path in Path(home.dbt_target, "compiled").rglob("models/**/*.sql")
        if path.parent.suffix != ".yml"
    }
    assert len(compiled) > 200
    found = {}
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        for name, query in compiled.items():
            if conditions := loops(connection, query):
                found[name] = conditions
    assert set(found) <= ALLOWED, found


def test_the_loop_that_must_not_be_is_recognised():
    with duckdb.connect() as connection:
        connection.execute("create table a as select i as customer_key, i as n from range(9) t(i)")
        connection.execute("create table b as from a")
        join = "select * from a left join b on a.customer_key = b.customer_key"
        assert not loops(connection, join)
        assert not loops(connection, f"{join} and a.n >= b.n")
        assert loops(connection, f"{join} and (a.n + b.n) % 2 = 1")
