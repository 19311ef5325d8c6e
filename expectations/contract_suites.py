"""The door's checks that follow from the contract: keys, required columns, vocabularies, bounds.

Nothing is written by hand here, so a table or column added to the contract is checked the same
day. Checks that need more than one table stand in `expectations.door`.
"""

from __future__ import annotations

from functools import lru_cache

from expectations.checks import CheckSpec
from orchestration.loading.contract import Column, Contract, Table, load_contract

LOAD_COLUMNS = ("load_file_id", "load_line_number")


@lru_cache(maxsize=1)
def contract() -> Contract:
    """Read the contract once per process.

    Returns:
        The contract, as the loader's owner reads it.
    """
    return load_contract()


def raw_schema(source: str) -> str:
    """Name the schema that holds a source's raw tables.

    Args:
        source: `ledger` or `crm`.

    Returns:
        Schema name.
    """
    return f"raw_{source}"


def contract_checks(given: Contract | None = None) -> list[CheckSpec]:
    """Derive the checks of every raw table from the contract.

    Args:
        given: Contract to derive from; None takes the project's own.

    Returns:
        Checks by table, in the contract's order.
    """
    source = given or contract()
    return [check for table in source.tables.values() for check in _table_checks(table)]


def _table_checks(table: Table) -> list[CheckSpec]:
    checks = [_rows_belong_to_files(table), _key_identifies_row(table)]
    if table.required:
        checks.append(_table_has_rows(table))
    for column in table.columns:
        checks += _column_checks(table, column)
    return checks


def _identifying(table: Table) -> tuple[str, ...]:
    personal = {column.name for column in table.columns if column.is_pii}
    return (*(name for name in table.key if name not in personal), *LOAD_COLUMNS)


def _rows_belong_to_files(table: Table) -> CheckSpec:
    return CheckSpec(
        name="rows_belong_to_a_known_file",
        schema=table.schema,
        table=table.name,
        severity="critical",
        description=f"Every row of {table.label} comes from a file in the loader's books.",
        action=(
            "Rows without a file were not written by the loader. Delete them from the raw table, "
            "then load the extract again."
        ),
        expectation="ExpectRowsToBelongToFiles",
        arguments={"source": table.source, "table": table.name},
        column="load_file_id",
    )


def _key_identifies_row(table: Table) -> CheckSpec:
    key = ", ".join(table.key)
    return CheckSpec(
        name="key_occurs_once_per_file",
        schema=table.schema,
        table=table.name,
        severity="critical",
        description=f"One file holds each {key} of {table.label} once.",
        action=(
            f"Look up the named lines in the file. If they repeat each other, export {table.name} "
            f"without the repeats; if they differ, ask the owner of the {table.source} system "
            f"which holds. Deliver the corrected file for the same period."
        ),
        expectation="ExpectKeyToIdentifyRow",
        arguments={"key": ["load_file_id", *table.key], "samples": ["load_line_number"]},
        column=table.key[0] if len(table.key) == 1 else None,
    )


def _table_has_rows(table: Table) -> CheckSpec:
    return CheckSpec(
        name="required_table_has_rows",
        schema=table.schema,
        table=table.name,
        severity="critical",
        description=f"{table.label} is required and has rows.",
        action=(
            f"No current file feeds {table.label}. Deliver its extract, or correct "
            f"the mapping if a delivered file should have fed it."
        ),
        expectation="ExpectRequiredTableToHaveRows",
        arguments={"source": table.source, "table": table.name},
    )


def _column_checks(table: Table, column: Column) -> list[CheckSpec]:
    checks = []
    if column.required or column.name in table.key:
        checks.append(_column_filled(table, column))
    if column.allowed:
        checks.append(_value_in_vocabulary(table, column))
    if column.minimum is not None or column.maximum is not None:
        checks.append(_value_within_bounds(table, column))
    return checks


def _column_filled(table: Table, column: Column) -> CheckSpec:
    return CheckSpec(
        name=f"{column.name}_filled",
        schema=table.schema,
        table=table.name,
        severity="critical",
        description=f"{column.name} of {table.label} is never empty.",
        action=(
            f"Fill {column.name} in the named lines and deliver the corrected file, or map "
            f"{column.name} to the column of the extract that holds it."
        ),
        expectation="ExpectRequiredColumnToBeFilled",
        arguments={"column": column.name},
        column=column.name,
        sample_columns=_identifying(table),
    )


def _value_in_vocabulary(table: Table, column: Column) -> CheckSpec:
    words = ", ".join(str(word) for word in column.allowed or ())
    return CheckSpec(
        name=f"{column.name}_in_vocabulary",
        schema=table.schema,
        table=table.name,
        severity="critical",
        description=f"{column.name} of {table.label} is one of: {words}.",
        action=(
            f"Translate the company's own word into one of the allowed ones in the mapping of "
            f"{table.name}.{column.name}, then load the file again."
        ),
        expectation="ExpectValueFromVocabulary",
        arguments={"column": column.name, "value_set": list(column.allowed or ())},
        column=column.name,
        sample_columns=_identifying(table),
    )


def _value_within_bounds(table: Table, column: Column) -> CheckSpec:
    low, high = column.minimum, column.maximum
    bounds = " and ".join(
        text
        for text in (
            f"at least {low}" if low is not None else "",
            f"at most {high}" if high is not None else "",
        )
        if text
    )
    return CheckSpec(
        name=f"{column.name}_within_bounds",
        schema=table.schema,
        table=table.name,
        severity="critical",
        description=f"{column.name} of {table.label} is {bounds}, where it is filled.",
        action=(
            f"Compare the named lines with the {table.source} system. A wrong unit or sign is "
            f"mended in the mapping, a wrong entry in the system; then deliver the file again."
        ),
        expectation="ExpectValueWithinBounds",
        arguments={"column": column.name, "min_value": low, "max_value": high},
        column=column.name,
        sample_columns=_identifying(table),
    )
