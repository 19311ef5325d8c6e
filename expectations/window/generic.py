"""Checks that a mart's own YAML and the house's column names ask for.

A new mart gets these the day its YAML is written, so none is ever published unchecked: key,
required columns, rates within [0, 1], counts not negative, months on their first day, no personal
data. What makes a mart right, beyond being well formed, is written by hand in its own module.
"""

from __future__ import annotations

from dataclasses import replace

from expectations.checks import CheckSpec, Severity
from expectations.contract_suites import contract
from expectations.window.emptiness import MAY_BE_EMPTY
from expectations.window.marts import SCHEMA, Mart, MartColumn

# Rates that may rightly leave [0, 1], each with the reason.
UNBOUNDED_RATES: dict[str, str] = {}
# Rates whose interval is rightly unknown in places, each with the reason; the mart's own module
# checks it where it is known.
PARTLY_KNOWN_INTERVALS = {
    "survival_rate": "before the first loss, and with nobody left, its variance is not defined",
}
# Keys that no dbt test of the mart names, each with the reason.
KEYS = {
    # dbt would sort every line ever billed; its tests compare counts and totals by month instead.
    "fct_invoice_lines": ("document_no", "line_no"),
    # Line-level too: dbt compares their totals with staging.
    "fct_deliveries": ("delivery_no", "line_no"),
    "fct_receipts": ("receipt_no", "document_no"),
}
# Where a key column must be known. dbt tests it too; here a broken release is stopped.
DIMENSIONS = {
    "customer_key": "dim_customers",
    "group_customer_key": "dim_customer_groups",
    "product_key": "dim_products",
}
FLOATS = ("double", "float", "real")
REBUILD = "Correct the model, rebuild it, and run again; nothing was published."
# What all columns of a kind promise: expectation, description, action.
LISTS = {
    "required_columns_filled": (
        "ExpectRequiredColumnsToBeFilled",
        "Columns of {mart} that are never empty are filled.",
        "A left join in {mart} found no partner for the named rows.",
    ),
    "numbers_finite": (
        "ExpectNumbersToBeFinite",
        "Floating-point columns of {mart} hold numbers or nothing, never infinity.",
        "Something is divided by zero without nullif.",
    ),
    "rates_in_unit_interval": (
        "ExpectRatesInUnitInterval",
        "Rates and shares of {mart} lie between 0 and 1 wherever they are known.",
        "Numerator and denominator of the named columns do not count the same things. A figure "
        "that may rightly exceed 1 is named otherwise or listed with its reason among the "
        "unbounded rates.",
    ),
    "counts_not_negative": (
        "ExpectCountsNotNegative",
        "Counts of {mart} are never below zero.",
        "A count below zero is a subtraction of sets that do not contain each other.",
    ),
    "months_are_first_days": (
        "ExpectMonthsToBeFirstDays",
        "Month columns of {mart} hold first days of months.",
        "Two days of one month would be two months to every join.",
    ),
}


def mart_checks(mart: Mart) -> list[CheckSpec]:
    """Derive the checks of one mart from its YAML.

    Args:
        mart: The mart.

    Returns:
        Checks in the order of the mart's columns, table checks first.
    """
    mart = replace(mart, key=mart.key or KEYS.get(mart.name, ()))
    checks = [_no_personal_data(mart)]
    if mart.key:
        checks.append(_key_unique(mart, "key_is_unique", mart.key))
    if mart.name not in MAY_BE_EMPTY:
        checks.append(_has_rows(mart))
    checks += _list_checks(mart)
    for column in mart.columns:
        checks += _column_checks(mart, column)
    return checks


def _check(  # noqa: PLR0917 - a row of a table, written as one
    mart: Mart,
    name: str,
    description: str,
    action: str,
    expectation: str,
    arguments: dict[str, object],
    *,
    column: str | None = None,
    severity: Severity = "critical",
) -> CheckSpec:
    return CheckSpec(
        name=name,
        schema=SCHEMA,
        table=mart.name,
        severity=severity,
        description=description,
        action=action,
        expectation=expectation,
        arguments=arguments,
        column=column,
        sample_columns=mart.key,
    )


def _key_unique(mart: Mart, name: str, key: tuple[str, ...]) -> CheckSpec:
    return _check(
        mart,
        name,
        f"{mart.name} has one row per {', '.join(key)}.",
        f"A join in {mart.name} multiplies rows: every sum over it is too high. {REBUILD}",
        "ExpectKeyToIdentifyRow",
        {"key": list(key)},
    )


def _has_rows(mart: Mart) -> CheckSpec:
    return _check(
        mart,
        "has_rows",
        f"{mart.name} has rows.",
        f"{mart.name} would be published empty. Look for a filter or an inner join that drops "
        f"everything, and whether the as-of month lies before the first invoice.",
        "ExpectTableToHaveRows",
        {},
    )


def _no_personal_data(mart: Mart) -> CheckSpec:
    personal = {c.name for t in contract().tables.values() for c in t.columns if c.is_pii}
    personal |= {c.name for c in mart.columns if c.is_pii}
    return _check(
        mart,
        "no_personal_data",
        f"{mart.name} carries no column that is tagged as personal data.",
        f"Remove the named columns from {mart.name}: contacts, names of people and free text stay "
        f"in the warehouse.",
        "ExpectNoPersonalData",
        {"table": mart.name, "personal": sorted(personal)},
    )


def _list_checks(mart: Mart) -> list[CheckSpec]:
    """Ask what several columns promise in one question each."""
    kept = {
        "required_columns_filled": [c for c in mart.columns if c.is_required or c.name in mart.key],
        "numbers_finite": [c for c in mart.columns if c.data_type in FLOATS],
        "rates_in_unit_interval": [c for c in mart.columns if _is_rate(c)],
        "counts_not_negative": [c for c in mart.columns if c.name.endswith("_count")],
        "months_are_first_days": [
            c for c in mart.columns if c.name.endswith("_month") and c.data_type == "date"
        ],
    }
    return [
        _check(
            mart,
            name,
            description.format(mart=mart.name),
            f"{action.format(mart=mart.name)} {REBUILD}",
            expectation,
            {"columns": [column.name for column in kept[name]]},
        )
        for name, (expectation, description, action) in LISTS.items()
        if kept[name]
    ]


def _column_checks(mart: Mart, column: MartColumn) -> list[CheckSpec]:
    checks = []
    if column.is_unique and mart.key != (column.name,):
        checks.append(_key_unique(mart, f"{column.name}_is_unique", (column.name,)))
    if _is_rate(column):
        stem = column.name.removesuffix("_rate").removesuffix("_share")
        suffix = column.name.removeprefix(stem)
        low, high = f"{stem}_low{suffix}", f"{stem}_high{suffix}"
        if mart.has(low, high) and column.name not in PARTLY_KNOWN_INTERVALS:
            checks.append(_interval(mart, column, low, high))
    dimension = DIMENSIONS.get(column.name, mart.name)
    if dimension != mart.name:
        checks.append(_known(mart, column, dimension))
    return checks


def _is_rate(column: MartColumn) -> bool:
    return column.name.endswith(("_rate", "_share")) and column.name not in UNBOUNDED_RATES


def _interval(mart: Mart, column: MartColumn, low: str, high: str) -> CheckSpec:
    return _check(
        mart,
        f"{column.name}_inside_its_interval",
        f"{low} <= {column.name} <= {high} in {mart.name}.",
        f"The interval of {column.name} is computed from other counts than the rate. {REBUILD}",
        "ExpectIntervalToHoldRate",
        {"rate": column.name, "low": low, "high": high},
        column=column.name,
    )


def _known(mart: Mart, column: MartColumn, dimension: str) -> CheckSpec:
    return _check(
        mart,
        f"{column.name}_known",
        f"Every {column.name} of {mart.name} stands in {dimension}.",
        f"A report that joins {dimension} would lose the named rows. {REBUILD}",
        "ExpectKeyToBeKnown",
        {"column": column.name, "dimension": dimension},
        column=column.name,
    )
