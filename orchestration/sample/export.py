"""Writes the deliveries of both sources into the extracts.

The ledger delivers every month. The CRM began to deliver a year before the end of the window: its
first delivery carries everything until then, and every later one what a month brought.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.loading.contract import Contract
from orchestration.sample.handling import cases_export
from orchestration.sample.happenings import events_export
from orchestration.sample.market import opportunities_export
from orchestration.sample.masters import changed_rows, full_list
from orchestration.sample.oddities import (
    Oddities,
    corrected_name,
    late_name,
    log_file,
    repeat_documents,
    repeat_line,
    spoil_lines,
)
from orchestration.sample.parameters import Parameters, Window, add_months
from orchestration.sample.relations import in_span
from orchestration.sample.reviews import actions_export
from orchestration.sample.writing import ExtractWriter

MONTHLY_CRM_MONTHS = 12
_LEDGER_MASTERS = ("customers", "products", "exchange_rates")
_CRM_MASTERS = ("accounts", "contacts", "employees", "account_assignments")
_INVOICES = """(
    select
        d.document_no, if(c.is_cash, null, d.customer_code) as customer_code,
        d.day as document_date,
        if(d.document_type = 'invoice' and dayofmonth(d.day) % 9 = 0, cal.business_day, null)
            as posting_date,
        d.due_date, d.document_type, d.original_document_no, d.currency, d.order_no,
        d.employee_id as sales_employee_id,
    from documents_m as d
    left join customers as c on d.cust_no = c.cust_no
    left join calendar as cal on cal.day = d.day + 1
)"""


@dataclass(frozen=True)
class Delivery:
    """One CRM delivery.

    Attributes:
        month: First day of the last month it carries, which names its files.
        start: First day it carries.
        end: First day after what it carries.
        is_first: Whether it carries the history.
    """

    month: date
    start: date
    end: date
    is_first: bool


def crm_deliveries(window: Window) -> Iterator[Delivery]:
    """Yield the CRM's deliveries, oldest first."""
    first = max(0, window.months - MONTHLY_CRM_MONTHS - 1)
    for index in range(first, window.months):
        month = window.month(index)
        is_first = index == first
        start = window.first_month if is_first else month
        yield Delivery(month, start, add_months(month, 1), is_first)


def write_ledger_month(
    connection: duckdb.DuckDBPyConnection,
    writer: ExtractWriter,
    *,
    parameters: Parameters,
    window: Window,
    contract: Contract,
    month: date,
) -> None:
    """Write the ledger files of a month.

    Args:
        connection: Connection on which the month is built.
        writer: Writer of the extracts.
        parameters: Parameters of the sample.
        window: Months covered.
        contract: The source contract.
        month: First day of the month.
    """
    name = f"{month:%Y-%m}"
    for table in _LEDGER_MASTERS:
        # Customers come as full lists, unless the sample is so large that these outgrow the ledger.
        is_full = table == "customers" and not parameters.is_changes_only
        key = contract.table(f"ledger.{table}").key
        relation = full_list(table, key, month) if is_full else changed_rows(table, month)
        writer.write(f"ledger.{table}", name, relation)
    oddities = Oddities.of(window)
    is_late = month == oddities.late_ledger
    ledger_name = late_name(month) if is_late else name
    if is_late:
        log_file(connection, "late", "invoices", ledger_name)
        log_file(connection, "late", "invoice_lines", ledger_name)
    repeat_documents(connection, oddities, month, ledger_name)
    if month == oddities.duplicate:
        repeat_line(connection, month, ledger_name)
    writer.write("ledger.invoices", ledger_name, _INVOICES, skip_empty=False)
    if month == oddities.corrected:
        spoil_lines(connection, month)
        writer.write("ledger.invoice_lines", ledger_name, "spoilt_lines_m", skip_empty=False)
        ledger_name = corrected_name(month)
        log_file(connection, "corrected", "invoice_lines", ledger_name)
    writer.write("ledger.invoice_lines", ledger_name, "lines_m", skip_empty=False)
    writer.write("ledger.receipts", name, "receipts_m")
    if month == oddities.late_deliveries:
        name = late_name(month)
        log_file(connection, "late", "deliveries", name)
    writer.write("ledger.deliveries", name, "deliveries_m")


def write_crm_delivery(writer: ExtractWriter, contract: Contract, delivery: Delivery) -> None:
    """Write the CRM files of one delivery; tables in which nothing happened get no file.

    Args:
        writer: Writer of the extracts.
        contract: The source contract.
        delivery: The delivery, whose activities are built.
    """
    name = f"{delivery.month:%Y-%m}"
    span = (delivery.start, delivery.end)
    relations = {
        "activities": "activities_m",
        "cases": cases_export(*span),
        "survey_answers": in_span("survey_answers", "invited_at", *span),
        "wallet_estimates": in_span("wallet_estimates", "estimated_on", *span),
        "competitor_positions": in_span("competitor_positions", "noted_on", *span),
        "opportunities": opportunities_export(*span),
        "defection_reviews": in_span("defection_reviews", "scheduled_for", *span),
        "review_causes": in_span("review_causes", "held_on", *span),
        "corrective_actions": actions_export(*span),
        "account_investments": in_span("account_investments", "spent_on", *span),
        "account_events": events_export(*span),
    }
    for table in _CRM_MASTERS:
        key = contract.table(f"crm.{table}").key
        relations[table] = (
            full_list(table, key, delivery.month)
            if delivery.is_first
            else changed_rows(table, delivery.month)
        )
    for table, relation in relations.items():
        writer.write(f"crm.{table}", name, relation)
