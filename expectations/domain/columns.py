"""Expectations on one column, named for what the column means."""

from __future__ import annotations

from typing import ClassVar

import great_expectations.expectations as gxe

from expectations.domain.base import ExpectNoRowsFrom


class ExpectRequiredColumnToBeFilled(gxe.ExpectColumnValuesToNotBeNull):
    """Expect no empty value in a column that the contract requires."""


class ExpectValueFromVocabulary(gxe.ExpectColumnValuesToBeInSet):
    """Expect every filled value to be one of the words the contract allows."""


class ExpectValueWithinBounds(gxe.ExpectColumnValuesToBeBetween):
    """Expect every filled value to lie within the contract's bounds."""


class ExpectTableToHaveRows(ExpectNoRowsFrom):
    """Expect a table to have rows; it is rightly empty only where no ledger was ever delivered."""

    query: ClassVar[str] = """
        select 'no rows' as found
        where
            not exists (select 1 from {batch})
            and exists (select 1 from raw_meta.extract_files where source_name = 'ledger')
    """


class ExpectIntervalToHoldRate(ExpectNoRowsFrom):
    """Expect lower bound <= rate <= upper bound, and both bounds wherever there is a rate.

    The tolerance covers the rounding of floating-point bounds at rates of exactly 0 and 1.
    """

    rate: str
    low: str
    high: str
    tolerance: float = 1e-9
    query: ClassVar[str] = """
        select *
        from {batch}
        where
            $rate is not null
            and (
                $low is null
                or $high is null
                or $low > $rate + $tolerance
                or $rate > $high + $tolerance
            )
    """


class ExpectShareOfCounts(ExpectNoRowsFrom):
    """Expect a ratio to equal its numerator by its denominator, and to be unknown over zero."""

    rate: str
    numerator: str
    denominator: str
    tolerance: float = 1e-9
    query: ClassVar[str] = """
        select *
        from {batch}
        where
            $rate is not null
            and (
                $denominator is null
                or $denominator = 0
                or abs($rate - cast($numerator as double) / $denominator) > $tolerance
            )
    """
