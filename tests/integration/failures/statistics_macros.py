"""Runs the project's macros of statistics and losses on rows of numbers, without dbt."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
from jinja2 import Environment

MACROS = Path(__file__).resolve().parents[3] / "macros"
FILES = ("rates.sql", "exact_tests.sql", "control_charts.sql", "dialects.sql", "defections.sql")
CONFIDENCE_Z = 1.959963984540054


def load_macros() -> Any:
    """Load the files of macros as one Jinja module whose macros return SQL."""

    def dispatch(name: str) -> Any:
        return getattr(template.module, f"default__{name}")

    environment = Environment(trim_blocks=False, keep_trailing_newline=True)
    environment.globals.update(
        var=lambda name: {"confidence_z": CONFIDENCE_Z}[name],
        adapter=SimpleNamespace(dispatch=dispatch),
        **{"return": lambda value: value},
    )
    template = environment.from_string(
        "\n".join((MACROS / name).read_text(encoding="utf-8") for name in FILES)
    )
    return template.module


def column_of(expression: str, rows: str) -> list[float]:
    """Evaluate an SQL expression over the rows of `values`, in their order.

    Args:
        expression: SQL expression.
        rows: Body of a `values` list with its alias, such as "(1), (2)) as t (n".

    Returns:
        One value a row.
    """
    with duckdb.connect() as connection:
        found = connection.execute(f"select {expression} from (values {rows})").fetchall()
    return [row[0] for row in found]


def binomial_tails(counts: list[tuple[int, int, float]]) -> list[tuple[float, float]]:
    """Lower and upper exact p-values of (successes, trials, share), in the order given."""
    rows = ", ".join(f"({i}, {x}, {n}, {p!r}::double)" for i, (x, n, p) in enumerate(counts))
    body = load_macros().add_binomial_tails("tails", "counted", ["place"])
    query = f"""
        with counted as (
            select * from (values {rows}) as t (place, successes, trials, share)
        ),
        {body}
        final as (select * from tails)
        select lower_p_value, upper_p_value from final order by place
    """
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


def rate_ratios(counts: list[tuple[int, float, int, float]]) -> list[tuple]:
    """Ratio, lower and upper bound of (events, exposure, other events, other exposure)."""
    rows = ", ".join(f"({i}, {x}, {t!r}, {y}, {u!r})" for i, (x, t, y, u) in enumerate(counts))
    body = load_macros().add_rate_ratios("ratios", "counted", ["place"])
    query = f"""
        with counted as (
            select * from (values {rows})
                as t (place, events, exposure, other_events, other_exposure)
        ),
        {body}
        final as (select * from ratios)
        select rate_ratio, rate_ratio_low, rate_ratio_high from final order by place
    """
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


def change_tests(counts: list[tuple[int, float, int, float, float]]) -> list[float]:
    """Exact p-value of (events, exposure, baseline events, baseline exposure, sigma_z)."""
    rows = ", ".join(
        f"({i}, {x}, {t!r}::double, {b}, {u!r}::double, {z!r}::double)"
        for i, (x, t, b, u, z) in enumerate(counts)
    )
    body = load_macros().add_change_tests("tests", "counted", ["place"])
    query = f"""
        with counted as (
            select * from (values {rows}) as t (
                place, event_count, exposure_count, baseline_events, baseline_exposure, sigma_z
            )
        ),
        {body}
        final as (select * from tests)
        select p_value from final order by place
    """
    with duckdb.connect() as connection:
        return [p_value for (p_value,) in connection.execute(query).fetchall()]


def chart_baselines(months: list[list[tuple[int, float]]]) -> list[tuple[float, float]]:
    """Centre and sigma_z of each list of (events, exposure), one pair a month in their order."""
    rows = ", ".join(
        f"({series}, {place}, {x}::double, {t!r}::double)"
        for series, listed in enumerate(months)
        for place, (x, t) in enumerate(listed)
    )
    body = load_macros().add_chart_baselines("baselines", "earlier", ["series"], "place")
    query = f"""
        with earlier as (
            select * from (values {rows}) as t (series, place, event_count, exposure_count)
        ),
        {body}
        final as (select * from baselines)
        select centre, sigma_z from final order by series
    """
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()
