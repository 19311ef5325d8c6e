"""Checks that what one table names, another one knows."""

from __future__ import annotations

from dataclasses import dataclass

from expectations.checks import CheckSpec, Severity
from expectations.contract_suites import raw_schema


@dataclass(frozen=True)
class Reference:
    """One column that names a row of another table.

    Attributes:
        source: Source of the naming table.
        table: Naming table.
        column: Column that names.
        target_source: Source of the named table.
        target_table: Named table.
        target_column: Column that is named.
        severity: Weight of a broken reference.
        optional_target: True where the named table may be absent as a whole: then the check holds.
    """

    source: str
    table: str
    column: str
    target_source: str
    target_table: str
    target_column: str
    severity: Severity = "warning"
    optional_target: bool = True


# A customer nobody knows takes its revenue out of every customer metric: that stops the run.
CUSTOMERS = [
    Reference(
        "ledger", table, "customer_code", "ledger", "customers", "customer_code", "critical", False
    )
    for table in ("invoices", "receipts", "deliveries")
]

LEDGER = [
    Reference(
        "ledger", "customers", "parent_customer_code", "ledger", "customers", "customer_code"
    ),
    Reference("ledger", "customers", "merged_into_code", "ledger", "customers", "customer_code"),
    Reference("ledger", "invoices", "original_document_no", "ledger", "invoices", "document_no"),
    Reference("ledger", "invoices", "sales_employee_id", "crm", "employees", "employee_id"),
    Reference("ledger", "invoice_lines", "product_code", "ledger", "products", "product_code"),
    Reference("ledger", "receipts", "document_no", "ledger", "invoices", "document_no"),
    Reference("ledger", "deliveries", "document_no", "ledger", "invoices", "document_no"),
    Reference("ledger", "deliveries", "product_code", "ledger", "products", "product_code"),
]

ACCOUNTS = [
    Reference("crm", table, "account_id", "crm", "accounts", "account_id", optional_target=False)
    for table in (
        "contacts",
        "account_assignments",
        "activities",
        "cases",
        "survey_answers",
        "wallet_estimates",
        "competitor_positions",
        "opportunities",
        "defection_reviews",
        "account_investments",
        "account_events",
    )
]

CRM = [
    Reference("crm", "accounts", "customer_code", "ledger", "customers", "customer_code"),
    Reference("crm", "accounts", "referred_by_account_id", "crm", "accounts", "account_id"),
    Reference("crm", "account_assignments", "employee_id", "crm", "employees", "employee_id"),
    Reference("crm", "activities", "contact_id", "crm", "contacts", "contact_id"),
    Reference("crm", "activities", "employee_id", "crm", "employees", "employee_id"),
    Reference("crm", "cases", "product_code", "ledger", "products", "product_code"),
    Reference("crm", "cases", "document_no", "ledger", "invoices", "document_no"),
    Reference("crm", "cases", "merged_into_case_id", "crm", "cases", "case_id"),
    Reference("crm", "survey_answers", "contact_id", "crm", "contacts", "contact_id"),
    Reference("crm", "survey_answers", "activity_id", "crm", "activities", "activity_id"),
    Reference("crm", "defection_reviews", "interviewer_id", "crm", "employees", "employee_id"),
    Reference(
        "crm",
        "review_causes",
        "review_id",
        "crm",
        "defection_reviews",
        "review_id",
        optional_target=False,
    ),
    Reference("crm", "corrective_actions", "owner_employee_id", "crm", "employees", "employee_id"),
    Reference("crm", "corrective_actions", "review_id", "crm", "defection_reviews", "review_id"),
]

REFERENCES = [*CUSTOMERS, *LEDGER, *ACCOUNTS, *CRM]


def checks() -> list[CheckSpec]:
    """List one check per reference.

    Returns:
        Checks named `<column>_known`.
    """
    return [_known(reference) for reference in REFERENCES]


def _known(reference: Reference) -> CheckSpec:
    where = f"{reference.source}.{reference.table}"
    target = f"{reference.target_source}.{reference.target_table}"
    return CheckSpec(
        name=f"{reference.column}_known",
        schema=raw_schema(reference.source),
        table=reference.table,
        severity=reference.severity,
        description=(
            f"Every {reference.column} in {where} stands in {target}.{reference.target_column}."
        ),
        action=(
            f"Deliver the {reference.target_table} list that holds the named codes, or correct "
            f"{reference.column} in the named file. Look for codes that differ only by leading "
            f"zeros or spaces: those are mended in the mapping."
        ),
        expectation="ExpectReferenceToBeKnown",
        arguments={
            "column": reference.column,
            "target_source": reference.target_source,
            "target_table": reference.target_table,
            "target_column": reference.target_column,
            "optional_target": reference.optional_target,
        },
        column=reference.column,
    )
