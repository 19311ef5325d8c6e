"""Draws depend on seed, stream and entity alone."""

import duckdb
import pytest

from orchestration.sample.randomness import define_macros, stream


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        define_macros(connection, 42)
        yield connection


def test_uniform_fills_the_unit_interval_evenly(connection):
    low, high, mean, cells = connection.execute(
        "select min(u), max(u), avg(u), count(distinct floor(u * 100)) from"
        " (select uniform('x', i, 0) as u from range(100000) as t (i))"
    ).fetchone()
    assert 0 <= low < high < 1
    assert mean == pytest.approx(0.5, abs=0.005)
    assert cells == 100


def test_normal_has_mean_zero_and_deviation_one(connection):
    mean, deviation, inside = connection.execute(
        "select avg(z), stddev(z), avg((abs(z) < 1.959964)::int) from"
        " (select normal('x', i, 7) as z from range(100000) as t (i))"
    ).fetchone()
    assert mean == pytest.approx(0, abs=0.02)
    assert deviation == pytest.approx(1, abs=0.02)
    assert inside == pytest.approx(0.95, abs=0.005)


def test_streams_and_neighbours_are_uncorrelated(connection):
    streams, neighbours = connection.execute(
        "select corr(uniform('x', i, 0), uniform('y', i, 0)),"
        " corr(uniform('x', i, 0), uniform('x', i + 1, 0)) from range(100000) as t (i)"
    ).fetchone()
    assert abs(streams) < 0.02
    assert abs(neighbours) < 0.02


def test_another_seed_gives_other_draws(connection):
    before = connection.execute("select uniform('x', 1, 2)").fetchone()
    define_macros(connection, 43)
    assert connection.execute("select uniform('x', 1, 2)").fetchone() != before
    assert stream(1, "a").random() != stream(2, "a").random() != stream(1, "b").random()
    assert stream(1, "a").random() == stream(1, "a").random()
