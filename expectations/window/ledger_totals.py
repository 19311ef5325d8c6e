"""Checks that no money is lost or made on the way from raw to the marts."""

from __future__ import annotations

from expectations.checks import CheckSpec, Setting
from expectations.window.marts import SCHEMA

LINES_BY_MONTH = """
    select reporting_month, sum({amount}) as total_amount
    from marts.{table}
    where {condition}
    group by reporting_month
"""
REPORTED = "reporting_month in (select reporting_month from marts.dim_months)"
REBUILD_IN_FULL = (
    "Rebuild with --full-refresh. If the totals then agree, an incremental run missed a restated "
    "month; if not, a model drops or doubles rows in the named months. Nothing was published."
)


def checks() -> list[CheckSpec]:
    """List the checks on totals by month.

    Returns:
        Raw = staging = fact in document currency, and fact = marts in reporting currency.
    """
    return [
        CheckSpec(
            name="ledger_totals_agree",
            schema=SCHEMA,
            table="fct_invoice_lines",
            severity="critical",
            description=(
                "Lines and net amount by month are the same in raw, in staging and in "
                "fct_invoice_lines, to the last decimal."
            ),
            action=REBUILD_IN_FULL,
            expectation="ExpectLedgerTotalsToAgree",
            arguments={"months": Setting("ledger_months")},
            column="net_amount",
        ),
        CheckSpec(
            name="net_revenue_agrees_with_lines",
            schema=SCHEMA,
            table="fct_customer_months",
            severity="critical",
            description=(
                "Net revenue by month is the same in fct_customer_months and in the revenue lines "
                "of fct_invoice_lines, to the last decimal."
            ),
            action=(
                "Customers or months were lost or doubled between the lines and the spine. "
                + REBUILD_IN_FULL
            ),
            expectation="ExpectTotalsToAgreeByMonth",
            arguments={
                "left_name": "spine_amount",
                "left_query": "select reporting_month, sum(net_revenue) as total_amount"
                " from {batch} group by reporting_month",
                "right_name": "line_amount",
                "right_query": LINES_BY_MONTH.format(
                    table="fct_invoice_lines",
                    amount="net_revenue_amount",
                    condition=f"is_revenue and {REPORTED}",
                ),
            },
            column="net_revenue",
        ),
        *(
            CheckSpec(
                name=name,
                schema=SCHEMA,
                table="rpt_ledger_reconciliation",
                severity="critical",
                description=f"{what} by month in the reconciliation are those of the lines.",
                action=(f"The reconciliation would not explain every line. {REBUILD_IN_FULL}"),
                expectation="ExpectTotalsToAgreeByMonth",
                arguments={
                    "left_name": "reconciled",
                    "left_query": f"select reporting_month, sum({column}) as total_amount"
                    " from {batch} where line_class <> 'rejected' group by reporting_month",
                    "right_name": "in_lines",
                    "right_query": LINES_BY_MONTH.format(
                        table="fct_invoice_lines", amount=amount, condition="true"
                    ),
                },
                column=column,
            )
            for name, what, column, amount in (
                ("amounts_agree_with_lines", "Amounts", "net_amount", "net_revenue_amount"),
                ("counts_agree_with_lines", "Line counts", "line_count", "1"),
            )
        ),
    ]
