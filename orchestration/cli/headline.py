"""Headline figures, read from the published file as any reader would.

Nothing is computed here that a mart does not hold; rates of open months are not shown at all.
"""

from pathlib import Path
from typing import Any

import duckdb

# Label, query, format. Each query gives one row, read at the last closed month $month.
_FIGURES = (
    (
        "Customers ever",
        # Whoever only has credit notes never bought (metrics: credits do not create a customer).
        "select count(distinct customer_key) from fct_customer_months"
        " where first_purchase_month is not null",
        "{0:,}",
    ),
    (
        "Active in {month}",
        "select count(*) filter (where is_active), sum(net_revenue) from fct_customer_months"
        " where reporting_month = $month",
        "{0:,}, net revenue {1:,.0f}",
    ),
    (
        "Customers in {month}",
        "select start_customer_count, new_customer_count, split_customer_count,"
        " returned_customer_count, lost_customer_count, closed_customer_count, end_customer_count"
        " from rpt_customer_bridge_month where reporting_month = $month",
        "{0:,} at start + {1:,} new + {2:,} split off + {3:,} returned - {4:,} lost - {5:,} closed"
        " = {6:,}",
    ),
    (
        "Churn in {month}",
        "select churn_rate, lost_customer_count, start_customer_count from rpt_churn_month"
        " where reporting_month = $month and churn_rate is not null",
        "{0:.2%} ({1:,} of {2:,})",
    ),
    (
        "Revenue retention to {month}",
        "select net_retention_ratio, gross_retention_rate from rpt_revenue_retention"
        " where reporting_month = $month and net_retention_ratio is not null",
        "net {0:.1%}, gross {1:.1%}",
    ),
    (
        "Bought in the 12th month after their first",
        "select sum(retained_count) / sum(cohort_size), sum(retained_count), sum(cohort_size)"
        " from rpt_cohort_retention where months_since_first = 12 and is_closed_month"
        " having sum(cohort_size) > 0",
        "{0:.1%} ({1:,} of {2:,}, all cohorts)",
    ),
)


def read_figures(release: Path) -> list[tuple[str, str]]:
    """Return headline figures of a release as (label, value), ready to print.

    Args:
        release: Published DuckDB file.

    Returns:
        Figures of the last closed month. A figure the release does not hold, such as the revenue
        retention of a first month, is left out.
    """
    with duckdb.connect(str(release), read_only=True) as connection:
        month = _row(
            connection, "select max(reporting_month) from dim_months where is_closed_month", None
        )
        if month is None or month[0] is None:
            return [("Closed months", "none: no month of the extracts is complete yet")]
        label = f"{month[0]:%Y-%m}"
        figures = []
        for name, query, form in _FIGURES:
            row = _row(connection, query, month[0])
            if row is not None and None not in row:
                figures.append((name.format(month=label), form.format(*row)))
        return figures


def _row(connection: duckdb.DuckDBPyConnection, query: str, month: Any) -> tuple[Any, ...] | None:
    try:
        given = {"month": month} if "$month" in query else None
        return connection.execute(query, given).fetchone()
    except duckdb.CatalogException:
        return None
