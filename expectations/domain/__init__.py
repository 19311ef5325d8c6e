"""The expectations of this house: Great Expectations' own, given the names of what they guard.

Every class says in one sentence what it expects. Checks (`expectations.checks.CheckSpec`) name a
class; which table, which severity and what to do about a failure stand there.
"""

from expectations.domain.columns import (
    ExpectAmountNotNegative,
    ExpectIntervalToHoldRate,
    ExpectMonthToBeFirstDay,
    ExpectNumbersToBeFinite,
    ExpectRateInUnitInterval,
    ExpectRequiredColumnToBeFilled,
    ExpectShareOfCounts,
    ExpectTableToHaveRows,
    ExpectValueFromVocabulary,
    ExpectValueWithinBounds,
)
from expectations.domain.keys import (
    ExpectKeyToIdentifyRow,
    ExpectReferenceToBeKnown,
    ExpectRequiredTableToHaveRows,
    ExpectRowsToBelongToFiles,
)

__all__ = [
    "ExpectAmountNotNegative",
    "ExpectIntervalToHoldRate",
    "ExpectKeyToIdentifyRow",
    "ExpectMonthToBeFirstDay",
    "ExpectNumbersToBeFinite",
    "ExpectRateInUnitInterval",
    "ExpectReferenceToBeKnown",
    "ExpectRequiredColumnToBeFilled",
    "ExpectRequiredTableToHaveRows",
    "ExpectRowsToBelongToFiles",
    "ExpectShareOfCounts",
    "ExpectTableToHaveRows",
    "ExpectValueFromVocabulary",
    "ExpectValueWithinBounds",
]
