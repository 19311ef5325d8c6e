"""What happens to a document after it was written: deliveries and payments."""

from datetime import date

import duckdb

SHORT_SHARE = 0.03
CHANGED_PROMISE_SHARE = 0.05
PARTIAL_PAYMENT_SHARE = 0.12
FIRST_PART = 0.6
DAYS_TO_SECOND_PART = 30
NEVER_PAID_SHARE = 0.003
# A bankrupt customer stops paying this many days before its last order.
UNPAID_BEFORE_BANKRUPTCY_DAYS = 75


def create_pending(connection: duckdb.DuckDBPyConnection) -> None:
    """Create tables `pending_receipts` and `pending_deliveries`, both empty."""
    connection.execute(
        """
        create or replace table pending_receipts (
            receipt_no varchar, document_no varchar, customer_code varchar, received_on date,
            amount decimal(18, 2), currency varchar
        );
        create or replace table pending_deliveries (
            delivery_no varchar, line_no bigint, document_no varchar, customer_code varchar,
            product_code varchar, first_promised_date date, promised_date date, delivered_on date,
            ordered_quantity decimal(12, 2), delivered_quantity decimal(12, 2),
            promise_changed_by varchar, export_month date, is_open_at_export boolean
        );
        """
    )


def add_receipts(connection: duckdb.DuckDBPyConnection) -> None:
    """Schedule the payments of the month's documents.

    Amounts are net of tax, as the ledger's lines are. Credit notes are paid back by a negative
    receipt. Documents of one customer that are paid on one day share a receipt number.

    Args:
        connection: Connection with temporary tables documents_m and totals_m.
    """
    connection.execute(
        f"""
        insert into pending_receipts
        with owed as (
            select
                d.document_no, d.cust_no, d.day, d.document_type, d.currency, t.net_amount,
                hash(d.document_no) as doc_hash,
                c.customer_code, c.pay_delay_days, c.terms_days, c.closed_reason, c.end_day,
                c.part, c.is_cash,
                uniform('split', doc_hash, 0) < {PARTIAL_PAYMENT_SHARE} and t.net_amount > 100
                    and d.document_type = 'invoice' as is_split,
            from documents_m as d
            inner join totals_m as t on d.document_no = t.document_no
            inner join customers as c on d.cust_no = c.cust_no
            where t.net_amount <> 0 and d.document_type <> 'adjustment' and not c.is_cash
                and (uniform('unpaid', doc_hash, 0) >= {NEVER_PAID_SHARE})
                and not (c.closed_reason is not distinct from 'bankrupt'
                    and d.day > c.end_day - {UNPAID_BEFORE_BANKRUPTCY_DAYS})
        ),
        parts as (
            select
                owed.*,
                part_no,
                case
                    when not is_split then net_amount
                    when part_no = 0 then round(net_amount * {FIRST_PART}::decimal(4, 2), 2)
                    else net_amount - round(net_amount * {FIRST_PART}::decimal(4, 2), 2)
                end::decimal(18, 2) as amount,
                greatest(1, case
                    when document_type = 'credit_note' then 10
                    else terms_days + pay_delay_days
                        + round(4 * normal('delay', doc_hash, 0))::bigint
                        + part_no * {DAYS_TO_SECOND_PART}
                end)::integer as wait_days,
            from owed, unnest(range(if(is_split, 2, 1))) as t (part_no)
        )
        select
            'RC' || strftime(calendar.business_day, '%y%m%d') || '-' || customer_code, document_no,
            customer_code, calendar.business_day, amount, currency,
        from parts
        inner join calendar on calendar.day = parts.day + parts.wait_days
        """
    )


def add_deliveries(connection: duckdb.DuckDBPyConnection) -> None:
    """Schedule the deliveries of the month's invoices.

    Only customers the company delivers to have deliveries; the others collect. A line that is still
    on its way when its month is exported is exported open, and again once it has arrived.

    Args:
        connection: Connection with temporary tables invoices_m and lines_m.
    """
    connection.execute(
        f"""
        insert into pending_deliveries
        with sent as (
            select
                invoices_m.document_no, invoices_m.cust_no,
                hash(invoices_m.document_no) as doc_hash,
                start.business_day as first_promised_date,
                invoices_m.is_late,
                uniform('promise', doc_hash, 0) < {CHANGED_PROMISE_SHARE} as is_changed,
            from invoices_m
            inner join calendar as start
                on start.day = invoices_m.day
                    + (1 + pick('promised', hash(invoices_m.document_no), 0, 4))::integer
            where invoices_m.is_delivered and invoices_m.kind = 'regular'
        ),
        arrived as (
            select
                sent.*,
                changed.business_day as promised_date,
                arrival.business_day as delivered_on,
            from sent
            left join calendar as changed
                on changed.day = if(
                    sent.is_changed,
                    sent.first_promised_date + (2 + pick('new promise', doc_hash, 0, 8))::integer,
                    null
                )
            left join calendar as arrival
                on arrival.day = case
                    when sent.is_changed then changed.business_day
                    when sent.is_late
                        then sent.first_promised_date
                            + (1 + pick('days late', doc_hash, 0, 12))::integer
                    else sent.first_promised_date - pick('early', doc_hash, 0, 2)::integer
                end
        ),
        lines as (
            select
                'DL' || substr(arrived.document_no, 3) as delivery_no, lines_m.line_no,
                arrived.document_no, customers.customer_code, lines_m.product_code,
                arrived.first_promised_date, arrived.promised_date, arrived.delivered_on,
                lines_m.quantity as ordered_quantity,
                if(
                    uniform('short', arrived.doc_hash, lines_m.line_no) < {SHORT_SHARE}
                        and lines_m.quantity > 1,
                    floor(lines_m.quantity * 0.7), lines_m.quantity
                )::decimal(12, 2) as delivered_quantity,
                if(
                    arrived.promised_date is null, null,
                    if(uniform('who', arrived.doc_hash, 0) < 0.5, 'customer', 'us')
                ) as promise_changed_by,
                date_trunc('month', arrived.first_promised_date)::date as due_month,
                date_trunc('month', arrived.delivered_on)::date as arrival_month,
            from arrived
            inner join lines_m on arrived.document_no = lines_m.document_no
            inner join customers on arrived.cust_no = customers.cust_no
            where not lines_m.is_service and lines_m.quantity > 0
        )
        select
            * exclude (due_month, arrival_month), due_month, arrival_month > due_month,
        from lines
        union all
        select * exclude (due_month, arrival_month), arrival_month, false,
        from lines
        where arrival_month > due_month
        """
    )


def month_settlement(connection: duckdb.DuckDBPyConnection, start: date, end: date) -> None:
    """Create temporary tables `receipts_m` and `deliveries_m` and forget what they hold.

    Args:
        connection: Connection with the pending tables.
        start: First day of the month.
        end: First day after the month.
    """
    connection.execute(
        f"""
        create or replace temporary table receipts_m as
        select * from pending_receipts where received_on < date '{end}';
        delete from pending_receipts where received_on < date '{end}';

        create or replace temporary table deliveries_m as
        select
            * replace (
                if(is_open_at_export, null, delivered_on) as delivered_on,
                if(is_open_at_export, null, delivered_quantity) as delivered_quantity
            ),
        from pending_deliveries
        where export_month = date '{start}';
        delete from pending_deliveries where export_month <= date '{start}';
        """
    )
