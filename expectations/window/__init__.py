"""The shop window: checks on marts before they are published.

`generic` derives what a mart's YAML asks for; each other module says by hand what makes one mart,
or several together, right. A module whose mart does not exist adds nothing.
"""

from __future__ import annotations

from pathlib import Path

from expectations.checks import CheckSpec
from expectations.window import (
    archive,
    causes,
    churn,
    churn_by_class,
    cohorts,
    customer_bridge,
    customer_classes,
    customer_months,
    failures,
    ledger_totals,
    organisation,
    retention,
    revenue_retention,
    service,
    share_reports,
    wallets,
)
from expectations.window.generic import mart_checks
from expectations.window.marts import read_marts

HAND_WRITTEN = (
    ledger_totals,
    customer_months,
    customer_bridge,
    churn,
    churn_by_class,
    cohorts,
    retention,
    revenue_retention,
    customer_classes,
    wallets,
    failures,
    causes,
    service,
    archive,
    organisation,
    share_reports,
)


def checks(models: Path | None = None) -> list[CheckSpec]:
    """List the checks of every published mart.

    Args:
        models: Folder of the marts' dbt YAML; None takes the project's own.

    Returns:
        Generic checks of each published mart, then the hand-written ones for the marts that exist.
    """
    marts = {name: mart for name, mart in read_marts(models).items() if mart.is_published}
    generic = [check for mart in marts.values() for check in mart_checks(mart)]
    by_hand = [
        check for module in HAND_WRITTEN for check in module.checks() if check.table in marts
    ]
    return [*generic, *by_hand]
