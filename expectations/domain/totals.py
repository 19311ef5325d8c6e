"""Expectations on totals: the same money and the same lines in every layer."""

from __future__ import annotations

from typing import Any, ClassVar

from expectations.domain.base import ExpectNoRowsFrom

# Lines of a layer in the months under test, each once: where current files overlap, as the latest
# has it. Only documents whose lines came in several files need deciding.
LAYER = """
        {layer}_repeated as (
            select document_no
            from {layer}_lines
            group by document_no
            having min(file_rank) <> max(file_rank)
        ),

        {layer}_once as (
            select reporting_month, net_amount
            from {layer}_lines
            where document_no not in (select document_no from {layer}_repeated)

            union all

            select
                any_value(reporting_month) as reporting_month,
                arg_max(net_amount, (file_rank, load_line_number)) as net_amount
            from {layer}_lines
            where document_no in (select document_no from {layer}_repeated)
            group by document_no, line_no
        ),

        {layer}_totals as (
            select reporting_month, count(*) as line_count, sum(net_amount) as net_amount
            from {layer}_once
            group by reporting_month
        ),
"""


class ExpectLedgerTotalsToAgree(ExpectNoRowsFrom):
    """Expect lines and net amount by month to be the same in raw, in staging and in the line fact.

    In document currency, so that no rate stands between the layers. Which version of a line counts
    is decided here anew from raw, independently of the models.
    """

    months: list[str] | None = None

    @classmethod
    def sql_for(cls, values: dict[str, Any]) -> str:
        """Write the query for some months or all.

        Args:
            values: `months`, first days of the months to compare (YYYY-MM-DD); None compares all.

        Returns:
            SQL with one row per month whose layers disagree.
        """
        months = values["months"]
        listed = ", ".join(f"date '{month}'" for month in months or ())
        tested = "true" if months is None else f"reporting_month in ({listed or 'null'})"
        return f"""
        with current_files as (
            select source_name, table_name, file_id, file_rank
            from staging.stg_loader__current_files
        ),

        raw_documents as (
            select
                trim(invoices.document_no) as document_no,
                cast(date_trunc('month', invoices.document_date) as date) as reporting_month,
                invoices.load_line_number,
                files.file_rank
            from raw_ledger.invoices as invoices
            inner join current_files as files
                on
                    invoices.load_file_id = files.file_id
                    and files.source_name = 'ledger'
                    and files.table_name = 'invoices'
        ),

        -- Whichever version counts, it is one of a document that has some version in the months.
        raw_versions as (
            select
                document_no,
                arg_max(reporting_month, (file_rank, load_line_number)) as reporting_month
            from raw_documents
            where document_no in (select document_no from raw_documents where {tested})
            group by document_no
        ),

        raw_lines as (
            select
                documents.document_no,
                documents.reporting_month,
                lines.line_no,
                lines.net_amount,
                lines.load_line_number,
                files.file_rank
            from raw_ledger.invoice_lines as lines
            inner join current_files as files
                on
                    lines.load_file_id = files.file_id
                    and files.source_name = 'ledger'
                    and files.table_name = 'invoice_lines'
            inner join raw_versions as documents
                on trim(lines.document_no) = documents.document_no
            where {tested}
        ),
{LAYER.format(layer="raw")}
        staged_documents as (
            select
                document_no,
                cast(date_trunc('month', document_date) as date) as reporting_month
            from staging.stg_ledger__invoices
        ),

        staged_lines as (
            select
                documents.document_no,
                documents.reporting_month,
                lines.line_no,
                lines.net_amount,
                lines.load_line_number,
                lines.file_rank
            from staging.stg_ledger__invoice_lines as lines
            inner join staged_documents as documents
                on lines.document_no = documents.document_no
            where {tested}
        ),
{LAYER.format(layer="staged")}
        fact_totals as (
            select reporting_month, count(*) as line_count, sum(net_amount) as net_amount
            from {{batch}}
            where {tested}
            group by reporting_month
        ),

        months as (
            select reporting_month from raw_totals
            union
            select reporting_month from staged_totals
            union
            select reporting_month from fact_totals
        )

        select
            months.reporting_month,
            raw_totals.line_count as raw_line_count,
            staged_totals.line_count as staged_line_count,
            fact_totals.line_count as fact_line_count,
            raw_totals.net_amount as raw_amount,
            staged_totals.net_amount as staged_amount,
            fact_totals.net_amount as fact_amount
        from months
        left join raw_totals
            on months.reporting_month = raw_totals.reporting_month
        left join staged_totals
            on months.reporting_month = staged_totals.reporting_month
        left join fact_totals
            on months.reporting_month = fact_totals.reporting_month
        where
            raw_totals.line_count is distinct from staged_totals.line_count
            or raw_totals.line_count is distinct from fact_totals.line_count
            or raw_totals.net_amount is distinct from staged_totals.net_amount
            or raw_totals.net_amount is distinct from fact_totals.net_amount
        order by months.reporting_month asc
        """


class ExpectTotalsToAgreeByMonth(ExpectNoRowsFrom):
    """Expect two queries of `reporting_month` and `total_amount` to agree in every month, exactly.

    A month that only one side has counts as zero on the other.
    """

    left_name: str
    left_query: str
    right_name: str
    right_query: str
    tolerance: str = "0"
    query: ClassVar[str] = """
        with left_side as (
            $left_query
        ),

        right_side as (
            $right_query
        ),

        compared as (
            select
                coalesce(left_side.reporting_month, right_side.reporting_month) as reporting_month,
                coalesce(left_side.total_amount, 0) as $left_name,
                coalesce(right_side.total_amount, 0) as $right_name
            from left_side
            full outer join right_side
                on left_side.reporting_month = right_side.reporting_month
        )

        select *, $left_name - $right_name as difference_amount
        from compared
        where abs($left_name - $right_name) > $tolerance
        order by reporting_month asc
    """
