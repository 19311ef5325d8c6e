"""Every metric, asked through MetricFlow at the grain of its mart, against the mart's own column.

The reference is plain SQL on the mart. Values must be the same to the last bit: no tolerance.
"""

from collections import Counter
from decimal import Decimal

import pytest

from orchestration.semantic import ask

pytestmark = pytest.mark.xdist_group("semantic")

MONTH = {"metric_time__month": "reporting_month"}
# Grouping in MetricFlow's words, and in the mart's.
GRAINS = {
    "rpt_churn_month": MONTH,
    "rpt_customer_bridge_month": MONTH,
    "rpt_churn_by_class": {
        "metric_time__month": "reporting_month",
        "class_churn__scheme": "scheme",
        "class_churn__class_at_start": "customer_class",
    },
    "rpt_cohort_retention": {
        "metric_time__month": "reporting_month",
        "cohort_cell__cohort_month__month": "cohort_month",
        "cohort_cell__months_since_first": "months_since_first",
    },
    "rpt_repeat_share": MONTH,
    "rpt_winback": {"metric_time__month": "defection_month"},
    "rpt_revenue_retention_windows": MONTH,
    "fct_wallets": {
        "metric_time__day": "period_start_date",
        "wallet__period_end_date__day": "period_end_date",
        "customer": "customer_key",
        "wallet__product_category": "product_category",
    },
    "rpt_sow_movement_month": {
        "metric_time__month": "reporting_month",
        "share_movement__scheme": "scheme",
        "share_movement__class_at_start": "class_at_start",
    },
    "rpt_failure_frequency_month": {
        "metric_time__month": "reporting_month",
        "failure_type": "failure_type_key",
        "failure_frequency__cut": "cut",
        "failure_frequency__cut_value": "cut_value",
    },
    "fct_failures": {"metric_time__month": "reporting_month", "failure_type": "failure_type_key"},
}
# What a metric equals where that is more than a column of the mart; several rows are one group.
EXPRESSIONS = {
    "shared_wallet": "max(if(sow is not null, wallet_amount, wallet_amount * 0))",
    "own_part_of_wallet": "max(if(sow is not null, least(own_net_revenue, wallet_amount), null))",
    "share_of_wallet_coverage": "max(if(wallet_amount > 0, (sow is not null)::double, null))",
    "failures": "count(*)",
    "complained_failures": "count(*) filter (where is_complaint)",
    "recovered_failures": "count(*) filter (where recovered_at is not null)",
    "complaint_share": "count(*) filter (where is_complaint)::double / count(*)::double",
    "recovery_rate": "count(*) filter (where recovered_at is not null)::double / count(*)::double",
}


def rows_of(metric, mart):
    """The rows of a mart that a metric counts, as a condition."""
    if mart == "rpt_revenue_retention_windows":
        lengths = {"_1_month": 1, "_3_months": 3}
        found = [months for suffix, months in lengths.items() if metric.endswith(suffix)]
        return f"window_months = {found[0] if found else 12}"
    if mart == "rpt_churn_by_class":
        kind = "partial" if "partial_" in metric else "full"
        horizon = "trailing_year" if "year_" in metric else "month"
        return (
            f"basis = 'as_known' and (scheme <> 'all') = {metric.startswith('class_')}"
            f" and defection_type = '{kind}' and horizon = '{horizon}'"
        )
    if mart == "rpt_sow_movement_month":
        return f"basis = 'as_known' and (scheme <> 'all') = {metric.startswith('class_')}"
    if mart == "rpt_failure_frequency_month":
        return f"(cut <> 'total') = {metric.startswith('cut_')}"
    return "true"


def asked(release, metric, group_by):
    """Non-NULL values by group."""
    columns, rows = ask.answer(release, metrics=[metric], group_by=list(group_by))
    positions = [columns.index(name) for name in group_by]
    return {
        tuple(row[position] for position in positions): row[columns.index(metric)]
        for row in rows
        if row[columns.index(metric)] is not None
    }


def expected(release, metric, mart, column, keys):
    names = ", ".join(keys)
    value = EXPRESSIONS.get(metric, f"max({column})")
    rows = release.connection.execute(
        f"select {names}, {value} as value, count(*) from {mart}"
        f" where {rows_of(metric, mart)} group by {names}"
    ).fetchall()
    if metric not in EXPRESSIONS:
        assert all(row[-1] == 1 for row in rows), "not the grain of the mart"
    return {row[:-2]: row[-2] for row in rows if row[-2] is not None}


def metrics_of(release):
    return {
        metric.name: metric.config.meta["mart"].partition(".")[::2]
        for metric in release.engine.list_metrics()
    }


def test_every_metric_equals_its_mart_to_the_last_bit(release):
    wrong, known = {}, Counter()
    for metric, (mart, column) in metrics_of(release).items():
        grain = GRAINS[mart]
        answer = asked(release, metric, grain)
        reference = expected(release, metric, mart, column, grain.values())
        known[metric] = len(reference)
        answer = {key: number(value) for key, value in answer.items()}
        reference = {key: number(value) for key, value in reference.items()}
        if answer != reference:
            wrong[metric] = sorted(
                (str(key), answer.get(key), reference.get(key))
                for key in answer.keys() | reference.keys()
                if answer.get(key) != reference.get(key)
            )[:3]
    assert not wrong
    assert not [metric for metric, count in known.items() if count == 0], "nothing was compared"


def number(value):
    """The exact value, whatever its type: a count is a count as bigint and as double."""
    return Decimal(value)


def test_every_headline_metric_has_both_labels_and_a_description(release):
    for metric in release.engine.list_metrics():
        assert metric.label, metric.name
        assert metric.description, metric.name
        assert any("\u4e00" <= letter <= "\u9fff" for letter in metric.config.meta["label_zh"])


def test_open_month_has_counts_and_no_rates(release):
    last = release.connection.execute("select max(reporting_month) from dim_months").fetchone()
    assert last in asked(release, "churn_base_customers", MONTH)
    for metric in ("churn_rate", "net_revenue_retention", "repeat_order_share"):
        months = asked(release, metric, MONTH)
        assert months
        assert last not in months


@pytest.mark.parametrize("grain", ["quarter", "fiscal_quarter", "year", "fiscal_year"])
def test_rates_of_longer_periods_divide_sums_again(release, grain):
    period = {
        "quarter": "date_trunc('quarter', reporting_month)",
        "fiscal_quarter": "fiscal_quarter_start_date",
        "year": "date_trunc('year', reporting_month)",
        "fiscal_year": "fiscal_year_start_date",
    }[grain]
    reference = dict(
        release.connection.execute(
            f"""
            select {period}::date, sum(lost_customer_count) / sum(start_customer_count)
            from rpt_churn_month inner join dim_months using (reporting_month)
            where dim_months.is_closed_month group by 1 having sum(start_customer_count) > 0
            """
        ).fetchall()
    )
    answer = asked(release, "churn_rate", {f"metric_time__{grain}": None})
    assert {key[0]: value for key, value in answer.items()} == reference


def test_stocks_and_trailing_windows_are_taken_once_a_year(release):
    """Opening is the first month's, closing the last month's, retention the last closed month's."""
    (opening, closing, retention) = release.connection.execute(
        """
        select
            min_by(start_customer_count, reporting_month),
            max_by(end_customer_count, reporting_month),
            (
                select max_by(net_retention_ratio, reporting_month)
                from rpt_revenue_retention_windows
                where window_months = 12 and is_closed_month
                    and year(reporting_month) = (select max(calendar_year) from dim_months)
            )
        from rpt_customer_bridge_month
        where year(reporting_month) = (select max(calendar_year) from dim_months)
        """
    ).fetchone()
    year = {"metric_time__year": None}
    last = max(asked(release, "closing_customers", year))
    assert asked(release, "opening_customers", year)[last] == opening
    assert asked(release, "closing_customers", year)[last] == closing
    assert asked(release, "net_revenue_retention", year)[last] == retention


def test_share_of_wallet_of_a_region_is_weighted_by_wallets(release):
    reference = dict(
        release.connection.execute(
            """
            select
                region,
                sum(least(own_net_revenue, wallet_amount))::double / sum(wallet_amount)::double
            from fct_wallets inner join dim_customers using (customer_key)
            where sow is not null group by region
            """
        ).fetchall()
    )
    answer = asked(release, "share_of_wallet", {"customer__region": None})
    assert {key[0]: value for key, value in answer.items()} == reference


def test_every_saved_query_runs(release):
    queries = release.engine.list_saved_queries()
    assert len(queries) > 5
    for query in queries:
        columns, rows = ask.answer(release, saved_query=query.name)
        assert rows, query.name
        assert len(columns) > 1
