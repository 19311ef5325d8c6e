"""Checks on the ledger's documents: whole months, whole documents, rates for every currency."""

from __future__ import annotations

from expectations.checks import CheckSpec, Setting, Severity
from expectations.contract_suites import contract
from orchestration.loading.contract import Table

LEDGER = "raw_ledger"
DATED_AMOUNTS: tuple[tuple[str, str, Severity], ...] = (
    ("invoices", "document_date", "critical"),
    ("receipts", "received_on", "warning"),
)


def checks() -> list[CheckSpec]:
    """List the checks on documents, their lines and their dates.

    Returns:
        Checks on invoices, invoice lines, receipts, and every table with a period.
    """
    return [*_months_and_documents(), *_currencies(), *_dates_in_period()]


def _months_and_documents() -> list[CheckSpec]:
    return [
        CheckSpec(
            name="no_month_missing",
            schema=LEDGER,
            table="invoices",
            severity="critical",
            description="Every month between the first and the last invoice has documents.",
            action=(
                "A month without a single document is a missing extract, not a quiet month: every "
                "customer would look lost. Deliver the invoices and invoice lines of the named "
                "months and run again."
            ),
            expectation="ExpectNoMonthToBeMissing",
            column="document_date",
        ),
        CheckSpec(
            name="document_has_lines",
            schema=LEDGER,
            table="invoices",
            severity="warning",
            description="Every document has at least one line.",
            action=(
                "Documents without lines count nowhere. If their lines were refused, correct them; "
                "if the extract of lines is cut short, deliver it again."
            ),
            expectation="ExpectDocumentsToHaveLines",
            column="document_no",
        ),
        CheckSpec(
            name="document_exists",
            schema=LEDGER,
            table="invoice_lines",
            severity="critical",
            description="Every line belongs to a document in raw_ledger.invoices.",
            action=(
                "Without its document a line has no date and no customer and would be left out of "
                "every total. Deliver the invoices of the period the named lines belong to."
            ),
            expectation="ExpectReferenceToBeKnown",
            arguments={
                "column": "document_no",
                "target_source": "ledger",
                "target_table": "invoices",
                "target_column": "document_no",
            },
            column="document_no",
        ),
        CheckSpec(
            name="credit_notes_reduce_revenue",
            schema=LEDGER,
            table="invoice_lines",
            severity="warning",
            description="The credit notes of a file are not positive in total.",
            action=(
                "The extract writes credit notes as positive amounts, so returns would add to "
                "revenue. Set the sign convention of credit notes in the mapping of invoice_lines "
                "and load the named files again."
            ),
            expectation="ExpectCreditNotesToReduceRevenue",
            column="net_amount",
        ),
    ]


def _currencies() -> list[CheckSpec]:
    return [
        CheckSpec(
            name="currency_has_rate",
            schema=LEDGER,
            table=table,
            severity=severity,
            description=f"Every currency in {table} has a rate for each month it is used in.",
            action=(
                "Add the rate of the named currency and month to exchange_rates and deliver the "
                "list, or map the currency to the code the list uses."
            ),
            expectation="ExpectRateForEveryCurrency",
            arguments={
                "table": table,
                "date_column": date,
                "reporting_currency": Setting("reporting_currency"),
            },
            column="currency",
        )
        for table, date, severity in DATED_AMOUNTS
    ]


# Rows that carry a later state of an older event may be dated before their file's period; dates
# that are plans rather than events may lie after it, so those tables have no such check.
DATED_EXACTLY = ("invoices", "receipts")
DATED_AHEAD = ("deliveries", "defection_reviews")


def _dates_in_period() -> list[CheckSpec]:
    return [
        _date_in_period(table, table.period_column)
        for table in contract().tables.values()
        if table.period_column and table.name not in DATED_AHEAD
    ]


def _date_in_period(table: Table, column: str) -> CheckSpec:
    exactly = table.name in DATED_EXACTLY
    return CheckSpec(
        name=f"{column}_inside_period" if exactly else f"{column}_not_after_period",
        schema=table.schema,
        table=table.name,
        severity="warning",
        description=(
            f"{column} of {table.name} lies in the period of its file."
            if exactly
            else f"{column} of {table.name} does not lie after the period of its file."
        ),
        action=(
            "Either the file's name carries the wrong period, or day and month are read in the "
            "wrong order. Rename the file, or set the date format in the mapping."
        ),
        expectation="ExpectDatesInsideFilePeriod",
        arguments={
            "source": table.source,
            "table": table.name,
            "column": column,
            "also_before": exactly,
        },
        column=column,
    )
