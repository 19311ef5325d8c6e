"""Expectations on the ledger as it arrives: months, documents, currencies, dates."""

from __future__ import annotations

from typing import Any, ClassVar

from expectations.domain.base import ExpectNoRowsFrom, current_rows

INVOICES = current_rows("ledger", "invoices")
LINES = current_rows("ledger", "invoice_lines")
RATES = current_rows("ledger", "exchange_rates", "currency, rate_month")


class ExpectNoMonthToBeMissing(ExpectNoRowsFrom):
    """Expect documents in every month between the first and the last, over all current files."""

    query: ClassVar[str] = f"""
        with months as (
            select distinct cast(date_trunc('month', document_date) as date) as document_month
            from {INVOICES}
        ),

        expected as (
            select cast(unnest(generate_series(
                min(document_month), max(document_month), interval 1 month
            )) as date) as missing_month
            from months
        )

        select missing_month
        from expected
        where missing_month not in (
            select document_month from months where document_month is not null
        )
        order by missing_month asc
    """


class ExpectDocumentsToHaveLines(ExpectNoRowsFrom):
    """Expect every document of the batch to have a current line."""

    query: ClassVar[str] = f"""
        with tested as (
            select document_no, document_type, document_date, load_file_id, load_line_number
            from {{batch}}
        )

        select *
        from tested
        -- Not "not in": that would build a table of every line's document.
        where not exists (
            select 1
            from {LINES} as lines
            where lines.document_no = tested.document_no
        )
        order by load_file_id asc, load_line_number asc
    """


class ExpectCreditNotesToReduceRevenue(ExpectNoRowsFrom):
    """Expect the lines of a file's credit notes not to add up to more than zero."""

    query: ClassVar[str] = f"""
        select
            load_file_id,
            count(*) as row_count,
            sum(net_amount) as credit_note_amount,
            min(load_line_number) as load_line_number
        from {{batch}}
        where document_no in (
            select document_no
            from {INVOICES}
            where document_type = 'credit_note' and document_no is not null
        )
        group by load_file_id
        having sum(net_amount) > 0
        order by load_file_id asc
    """


class ExpectRateForEveryCurrency(ExpectNoRowsFrom):
    """Expect a rate for every month in which a currency other than the reporting one is used.

    All current rows are tested, not only the batch's: a corrected rate list may drop a rate that
    older documents need.
    """

    table: str
    date_column: str
    reporting_currency: str

    @classmethod
    def sql_for(cls, values: dict[str, Any]) -> str:
        """Write the query for a table of amounts.

        Args:
            values: Fields of this class.

        Returns:
            SQL with one row per currency and month without a rate.
        """
        month = f"cast(date_trunc('month', {values['date_column']}) as date)"
        reporting = str(values["reporting_currency"]).replace("'", "''")
        return f"""
            with used as (
                select
                    currency,
                    {month} as rate_month,
                    count(*) as row_count,
                    min(load_file_id) as load_file_id,
                    arg_min(load_line_number, load_file_id) as load_line_number
                from {current_rows("ledger", values["table"])}
                where
                    currency is not null
                    and currency <> ''
                    and currency <> '{reporting}'
                    and {values["date_column"]} is not null
                group by currency, {month}
            )

            select used.*
            from used
            left join {RATES} as rates
                on used.currency = rates.currency and used.rate_month = rates.rate_month
            where rates.currency is null
            order by used.currency asc, used.rate_month asc
        """


class ExpectDatesInsideFilePeriod(ExpectNoRowsFrom):
    """Expect the period column of a row to lie in the period of the file it came in."""

    source: str
    table: str
    column: str
    also_before: bool = True

    @classmethod
    def sql_for(cls, values: dict[str, Any]) -> str:
        """Write the query for a table.

        Args:
            values: Fields of this class; `also_before` tells whether a date before the period is
                wrong too.

        Returns:
            SQL with one row per file that holds dates outside its period.
        """
        column = values["column"]
        before = f"dated.{column} < files.period_start or " if values["also_before"] else ""
        return f"""
            with files as (
                select file_id, period_start, period_end
                from raw_meta.extract_files
                where source_name = '{values["source"]}' and table_name = '{values["table"]}'
            )

            select
                dated.load_file_id,
                count(*) as row_count,
                min(dated.load_line_number) as load_line_number,
                min(dated.{column}) as first_value,
                max(dated.{column}) as last_value,
                files.period_start,
                files.period_end
            from {{batch}} as dated
            inner join files
                on dated.load_file_id = files.file_id
            where {before}dated.{column} >= files.period_end
            group by dated.load_file_id, files.period_start, files.period_end
            order by dated.load_file_id asc
        """
