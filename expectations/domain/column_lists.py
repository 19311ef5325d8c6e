"""Expectations on many columns of a table at once, one scan and one question for all of them."""

from __future__ import annotations

from typing import Any, ClassVar

from expectations.domain.base import ExpectNoRowsFrom


class ExpectNoColumnBroken(ExpectNoRowsFrom):
    """Expect every named column to keep one promise in every row.

    Great Expectations spends more on asking a question than a database spends on answering it, so
    columns that promise the same are asked about together. An offending row names its columns.
    """

    columns: list[str]
    broken: ClassVar[str] = "false"

    @classmethod
    def sql_for(cls, values: dict[str, Any]) -> str:
        """Write the query.

        Args:
            values: Fields of the expectation, with `columns` among them.

        Returns:
            SQL for the rows in which any column is broken, with the names of those columns first.
        """
        rules = {column: cls.broken.format(column=column) for column in values["columns"]}
        names = ", ".join(f"case when {rule} then '{name}' end" for name, rule in rules.items())
        return (
            f"select concat_ws(', ', {names}) as broken_columns, * "
            f"from {{batch}} where {' or '.join(rules.values())}"
        )


class ExpectRequiredColumnsToBeFilled(ExpectNoColumnBroken):
    """Expect no empty value in columns that a model promises to fill."""

    broken: ClassVar[str] = "{column} is null"


class ExpectRatesInUnitInterval(ExpectNoColumnBroken):
    """Expect rates and shares to lie between 0 and 1, both included, wherever they are known."""

    broken: ClassVar[str] = "{column} < 0 or {column} > 1"


class ExpectCountsNotNegative(ExpectNoColumnBroken):
    """Expect counts never to be below zero."""

    broken: ClassVar[str] = "{column} < 0"


class ExpectNumbersToBeFinite(ExpectNoColumnBroken):
    """Expect floating-point columns to hold numbers: neither infinite nor not-a-number.

    SQL compares NaN as larger than everything, so a range check alone reports it as a large value.
    """

    broken: ClassVar[str] = "isnan({column}) or isinf({column})"


class ExpectMonthsToBeFirstDays(ExpectNoColumnBroken):
    """Expect month columns to hold first days of months."""

    broken: ClassVar[str] = "{column} <> cast(date_trunc('month', {column}) as date)"
