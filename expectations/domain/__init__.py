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
from expectations.domain.classes import (
    ExpectClassToBeKnown,
    ExpectEverybodyToBeClassed,
    ExpectMatrixRowsToAddUp,
)
from expectations.domain.column_lists import (
    ExpectCountsNotNegative,
    ExpectMonthsToBeFirstDays,
    ExpectNumbersToBeFinite,
    ExpectRatesInUnitInterval,
    ExpectRequiredColumnsToBeFilled,
)
from expectations.domain.columns import (
    ExpectIntervalToHoldRate,
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
    ExpectActiveMonthsToMatchPurchases,
    ExpectBridgeToContinue,
    ExpectCalendarWithoutGap,
    ExpectCohortSizeToBeConstant,
    ExpectKeyToBeKnown,
    ExpectNoPersonalData,
    ExpectOpenPeriodsToBeUnknown,
    ExpectRowsToHold,
    ExpectSpineToBeDense,
    ExpectStateFromSeed,
)
from expectations.domain.totals import (
    ExpectLedgerTotalsToAgree,
    ExpectTotalsToAgreeByMonth,
)

__all__ = [
    "ExpectActiveMonthsToMatchPurchases",
    "ExpectBooksToAgreeWithRawTables",
    "ExpectBridgeToContinue",
    "ExpectCalendarWithoutGap",
    "ExpectClassToBeKnown",
    "ExpectCohortSizeToBeConstant",
    "ExpectCountsNotNegative",
    "ExpectCreditNotesToReduceRevenue",
    "ExpectDatesInsideFilePeriod",
    "ExpectDocumentsToHaveLines",
    "ExpectEveryLineAccountedFor",
    "ExpectEverybodyToBeClassed",
    "ExpectIntervalToHoldRate",
    "ExpectKeyToBeKnown",
    "ExpectKeyToIdentifyRow",
    "ExpectLedgerTotalsToAgree",
    "ExpectMatrixRowsToAddUp",
    "ExpectMonthsToBeFirstDays",
    "ExpectNoMonthToBeMissing",
    "ExpectNoPersonalData",
    "ExpectNumbersToBeFinite",
    "ExpectOneCurrentFilePerPeriod",
    "ExpectOpenPeriodsToBeUnknown",
    "ExpectRateForEveryCurrency",
    "ExpectRatesInUnitInterval",
    "ExpectReferenceToBeKnown",
    "ExpectRefusedRowsToBeKept",
    "ExpectRefusedShareToBeSmall",
    "ExpectRequiredColumnToBeFilled",
    "ExpectRequiredColumnsToBeFilled",
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
