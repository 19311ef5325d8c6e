"""Builds one month of the company from its tables: ledger first, then what follows from it."""

from datetime import date

import duckdb

from orchestration.sample.corrections import decide_credits, month_corrections
from orchestration.sample.failures import create_cases, month_cases
from orchestration.sample.ledger import month_invoices, month_lines, month_orders
from orchestration.sample.oddities import create_oddities
from orchestration.sample.parameters import Window, add_months
from orchestration.sample.settlement import add_deliveries, add_receipts, month_settlement


def create_logs(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables that remember what every month held, for the CRM and the truth."""
    connection.execute(
        """
        create or replace table document_log (
            document_no varchar, cust_no bigint, day date, document_type varchar,
            original_document_no varchar, currency varchar, credit_kind varchar,
            line_count bigint, net_amount decimal(18, 2), qualifying_line_count bigint,
            qualifying_amount decimal(18, 2)
        );
        create or replace table category_log (
            cust_no bigint, category_code varchar, month_start date, currency varchar,
            net_amount decimal(18, 2)
        );
        """
    )


def build_month(
    connection: duckdb.DuckDBPyConnection, window: Window, month: date, language: str
) -> None:
    """Create the temporary tables of one month and log what they hold.

    Args:
        connection: Connection set up by company.py; months must be built in order.
        window: Months covered.
        month: First day of the month.
        language: `en` or `zh`.
    """
    end = add_months(month, 1)
    if month == window.first_month:
        create_logs(connection)
        create_cases(connection, window)
        create_oddities(connection)
    month_orders(connection, month, end)
    month_invoices(connection, month)
    month_lines(connection, month)
    decide_credits(connection)
    month_corrections(connection, month, end)
    _join_documents(connection)
    add_receipts(connection)
    add_deliveries(connection)
    month_settlement(connection, month, end)
    month_cases(connection, month, language)
    _log(connection, month)


def _join_documents(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        """
        create or replace temporary table documents_m as
        select
            d.*,
            c.customer_code,
            if(d.document_type = 'adjustment', null, d.day + c.terms_days::integer) as due_date,
        from (
            select
                document_no, cust_no, day, 'invoice' as document_type,
                null::varchar as original_document_no, currency, employee_id,
                'SO' || substr(document_no, 3) as order_no, null::varchar as credit_kind,
            from invoices_m
            union all
            select
                document_no, cust_no, day, document_type, original_document_no, currency,
                employee_id, null, credit_kind,
            from notes_m
        ) as d
        left join customers as c on d.cust_no = c.cust_no;

        create or replace temporary table totals_m as
        select
            document_no, count(*) as line_count, sum(net_amount)::decimal(18, 2) as net_amount,
            count(*) filter (where quantity > 0 and net_amount > 0) as qualifying_line_count,
            coalesce(sum(net_amount) filter (where quantity > 0 and net_amount > 0), 0)
                ::decimal(18, 2) as qualifying_amount,
        from lines_m
        group by document_no
        """
    )


def _log(connection: duckdb.DuckDBPyConnection, month: date) -> None:
    connection.execute(
        f"""
        insert into document_log
        select
            d.document_no, d.cust_no, d.day, d.document_type, d.original_document_no, d.currency,
            d.credit_kind, t.line_count, t.net_amount,
            if(d.document_type = 'invoice' and not coalesce(c.is_cash, true)
                and not c.is_internal, t.qualifying_line_count, 0),
            if(d.document_type = 'invoice' and not coalesce(c.is_cash, true)
                and not c.is_internal, t.qualifying_amount, 0),
        from documents_m as d
        inner join totals_m as t on d.document_no = t.document_no
        left join customers as c on d.cust_no = c.cust_no;

        insert into category_log
        select cust_no, category_code, date '{month}', currency, sum(net_amount)::decimal(18, 2),
        from lines_m
        where category_code is not null
        group by cust_no, category_code, currency
        """
    )
