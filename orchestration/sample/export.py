"""Writes one month's deliveries of both sources into the extracts."""

from datetime import date

from orchestration.loading.contract import Contract
from orchestration.sample.failures import cases_export
from orchestration.sample.market import opportunities_export
from orchestration.sample.masters import changed_rows, full_list
from orchestration.sample.parameters import Parameters
from orchestration.sample.relations import in_month
from orchestration.sample.reviews import actions_export, events_export
from orchestration.sample.writing import ExtractWriter

_LEDGER_MASTERS = ("customers", "products", "exchange_rates")
_CRM_MASTERS = ("accounts", "contacts", "employees", "account_assignments")

INVOICES = """(
    select
        document_no, if(c.is_cash, null, d.customer_code) as customer_code, d.day as document_date,
        if(d.document_type = 'invoice' and dayofmonth(d.day) % 9 = 0, cal.business_day, null)
            as posting_date,
        d.due_date, d.document_type, d.original_document_no, d.currency, d.order_no,
        d.employee_id as sales_employee_id,
    from documents_m as d
    left join customers as c on d.cust_no = c.cust_no
    left join calendar as cal on cal.day = d.day + 1
)"""
LINES = "all_lines_m"


def write_ledger_month(
    writer: ExtractWriter,
    parameters: Parameters,
    contract: Contract,
    month: date,
) -> None:
    """Write the ledger files of a month, and the lists of both sources.

    Args:
        writer: Writer of the extracts.
        parameters: Parameters of the sample.
        contract: The source contract.
        month: First day of the month, whose temporary tables are built.
    """
    name = f"{month:%Y-%m}"
    for source, tables in (("ledger", _LEDGER_MASTERS), ("crm", _CRM_MASTERS)):
        for table in tables:
            label = f"{source}.{table}"
            is_full = table == "customers" and not parameters.is_changes_only
            relation = (
                full_list(table, contract.table(label).key, month)
                if is_full
                else changed_rows(table, month)
            )
            writer.write(label, name, relation)
    writer.write("ledger.invoices", name, INVOICES, skip_empty=False)
    writer.write("ledger.invoice_lines", name, LINES, skip_empty=False)
    writer.write("ledger.receipts", name, "receipts_m")
    writer.write("ledger.deliveries", name, "deliveries_m")


def write_crm_month(writer: ExtractWriter, month: date) -> None:
    """Write the CRM files of a month; tables in which nothing happened get no file.

    Args:
        writer: Writer of the extracts.
        month: First day of the month, whose activities are built.
    """
    name = f"{month:%Y-%m}"
    relations = {
        "activities": "activities_m",
        "cases": cases_export(month),
        "survey_answers": in_month("survey_answers", "invited_at", month),
        "wallet_estimates": in_month("wallet_estimates", "estimated_on", month),
        "competitor_positions": in_month("competitor_positions", "noted_on", month),
        "opportunities": opportunities_export(month),
        "defection_reviews": in_month("defection_reviews", "scheduled_for", month),
        "review_causes": in_month("review_causes", "held_on", month),
        "corrective_actions": actions_export(month),
        "account_investments": in_month("account_investments", "spent_on", month),
        "account_events": events_export(month),
    }
    for table, relation in relations.items():
        writer.write(f"crm.{table}", name, relation)
