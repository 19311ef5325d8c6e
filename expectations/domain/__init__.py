"""The expectations of this house: Great Expectations' own, given the names of what they guard.

Every class says in one sentence what it expects. A check (`expectations.checks.CheckSpec`) names a
class; which table, how severe, and what to do about a failure stand there.
"""

from expectations.domain.books import (
    ExpectBooksToAgreeWithRawTables,
    ExpectEveryLineAccountedFor,
    ExpectOneCurrentFilePerPeriod,
    ExpectRefusedRowsToBeKept,
    ExpectRefusedShareToBeSmall,
)
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
from expectations.domain.ledger import (
    ExpectCreditNotesToReduceRevenue,
    ExpectDatesInsideFilePeriod,
    ExpectDocumentsToHaveLines,
    ExpectNoMonthToBeMissing,
    ExpectRateForEveryCurrency,
)
from expectations.domain.marts import (
    ExpectBridgeToContinue,
    ExpectCohortSizeToBeConstant,
    ExpectEveryCustomerInSpine,
    ExpectNoPersonalData,
    ExpectOpenPeriodsToBeUnknown,
    ExpectRowsToHold,
    ExpectSpineToBeDense,
    ExpectStateFromSeed,
    ExpectTotalsToAgreeByMonth,
)

__all__ = [
    "ExpectAmountNotNegative",
    "ExpectBooksToAgreeWithRawTables",
    "ExpectBridgeToContinue",
    "ExpectCohortSizeToBeConstant",
    "ExpectCreditNotesToReduceRevenue",
    "ExpectDatesInsideFilePeriod",
    "ExpectDocumentsToHaveLines",
    "ExpectEveryCustomerInSpine",
    "ExpectEveryLineAccountedFor",
    "ExpectIntervalToHoldRate",
    "ExpectKeyToIdentifyRow",
    "ExpectMonthToBeFirstDay",
    "ExpectNoMonthToBeMissing",
    "ExpectNoPersonalData",
    "ExpectNumbersToBeFinite",
    "ExpectOneCurrentFilePerPeriod",
    "ExpectOpenPeriodsToBeUnknown",
    "ExpectRateForEveryCurrency",
    "ExpectRateInUnitInterval",
    "ExpectReferenceToBeKnown",
    "ExpectRefusedRowsToBeKept",
    "ExpectRefusedShareToBeSmall",
    "ExpectRequiredColumnToBeFilled",
    "ExpectRequiredTableToHaveRows",
    "ExpectRowsToBelongToFiles",
    "ExpectRowsToHold",
    "ExpectShareOfCounts",
    "ExpectSpineToBeDense",
    "ExpectStateFromSeed",
    "ExpectTableToHaveRows",
    "ExpectTotalsToAgreeByMonth",
    "ExpectValueFromVocabulary",
    "ExpectValueWithinBounds",
]
