"""Credit notes, debit notes and adjustments: what the ledger takes back or adds.

A credit note repeats the lines it takes back with the sign turned, so that a reversed document
leaves exactly nothing.
"""

from datetime import date

import duckdb

# Shares of invoices credited on the same day, later, and later without naming the invoice.
CREDIT_CUTS = (0.004, 0.021, 0.025)
LONGEST_CREDIT_LAG_DAYS = 55
DEBIT_SHARE = 0.002
DEBIT_LAG_DAYS = 4
ADJUSTMENTS_A_MONTH = 2
RETURN_REASONS = ("damaged", "wrong_item", "quality", "not_ordered", "overcharged")

_PENDING_COLUMNS = """
    credit_id varchar, credit_kind varchar, credit_day date, original_document_no varchar,
    cust_no bigint, currency varchar, employee_id varchar, line_no bigint, product_code varchar,
    category_code varchar, quantity decimal(12, 2), unit_price decimal(12, 2),
    discount_amount decimal(18, 2), net_amount decimal(18, 2), cost_amount decimal(18, 2),
    return_reason_code varchar
"""


def create_pending_credits(connection: duckdb.DuckDBPyConnection) -> None:
    """Create table `pending_credits`, with the notes of customers who never bought anything.

    Args:
        connection: Connection with tables customers, products and calendar.
    """
    connection.execute(f"create or replace table pending_credits ({_PENDING_COLUMNS})")
    connection.execute(
        """
        insert into pending_credits
        select
            'only-' || customers.cust_no, 'credit_only', calendar.business_day, null,
            customers.cust_no, customers.currency, null, 1, products.product_code,
            products.category_code, -2.00, products.list_price::decimal(12, 2), 0.00,
            -2 * products.list_price::decimal(12, 2), null, 'not_ordered',
        from customers
        inner join products on products.cat = customers.cat1 and products.item = 0
        inner join calendar on calendar.day = customers.start_day
        where customers.part = 'credit_only'
        """
    )


def decide_credits(connection: duckdb.DuckDBPyConnection) -> None:
    """Decide which of the month's invoices are credited, when, and by how many lines.

    Nobody who has left gets a credit note later, save the defectors whose place says so: a credit
    note is no sign of life, and the warehouse must know.

    Args:
        connection: Connection with temporary tables invoices_m and lines_m.
    """
    same_day, later, unlinked = CREDIT_CUTS
    reasons = ", ".join(f"'{reason}'" for reason in RETURN_REASONS)
    connection.execute(
        f"""
        insert into pending_credits
        with decided as (
            select
                *,
                hash(cust_no, k) as doc_hash,
                uniform('credited', doc_hash, 0) as chance,
                case
                    when kind in ('reverse_same_day', 'reverse_later') then kind
                    when part = 'full_defector' and place % 6 = 5
                        and end_day - day <= 1.5 * interval_days
                        then 'after_leaving'
                    when kind <> 'regular' or is_cash or part = 'seasonal' then null
                    when chance < {same_day} then 'same_day'
                    when chance < {later} then 'later'
                    when chance < {unlinked} then 'unlinked'
                end as credit_kind,
            from invoices_m
        ),
        dated as (
            select
                decided.*,
                calendar.business_day as credit_day,
            from decided
            inner join calendar
                on calendar.day = decided.day + case decided.credit_kind
                    when 'same_day' then 0
                    when 'reverse_same_day' then 0
                    when 'reverse_later' then 6
                    when 'after_leaving' then 85
                    else 3 + pick('credit lag', doc_hash, 0, {LONGEST_CREDIT_LAG_DAYS})
                end::integer
            where decided.credit_kind is not null
        )
        select
            dated.document_no, dated.credit_kind, dated.credit_day,
            if(dated.credit_kind = 'unlinked', null, dated.document_no),
            dated.cust_no, dated.currency, dated.employee_id, lines_m.line_no, lines_m.product_code,
            lines_m.category_code, -lines_m.quantity, lines_m.unit_price, lines_m.discount_amount,
            -lines_m.net_amount, -lines_m.cost_amount,
            list_value({reasons})[1 + pick('reason', dated.doc_hash, 0, {len(RETURN_REASONS)})],
        from dated
        inner join lines_m on dated.document_no = lines_m.document_no
        where lines_m.quantity > 0
            and (dated.end_day is null or dated.credit_day <= dated.end_day
                or dated.credit_kind in ('same_day', 'after_leaving'))
            and (dated.kind <> 'regular' or dated.credit_kind = 'same_day' or lines_m.line_no = 1
                or uniform('whole', dated.doc_hash, 0) < 0.3)
        """
    )


def month_corrections(connection: duckdb.DuckDBPyConnection, start: date, end: date) -> None:
    """Create temporary table `notes_m`, the month's notes and adjustments, and add their lines.

    Args:
        connection: Connection with table pending_credits and temporary tables invoices_m and
            lines_m, which the lines are added to.
        start: First day of the month.
        end: First day after the month.
    """
    connection.execute(
        f"""
        create or replace temporary table credits_m as
        select
            *,
            'CN{start:%y%m}' || lpad(
                dense_rank() over (order by credit_day, credit_id)::varchar, 5, '0'
            ) as document_no,
            row_number() over (
                partition by credit_day, credit_id order by line_no
            ) as note_line_no,
        from pending_credits
        where credit_day < date '{end}';
        delete from pending_credits where credit_day < date '{end}';

        create or replace temporary table debits_m as
        select
            'DN{start:%y%m}' || lpad(
                row_number() over (order by invoices_m.document_no)::varchar, 5, '0'
            ) as document_no,
            invoices_m.cust_no, calendar.business_day as day, invoices_m.currency,
            invoices_m.document_no as original_document_no, invoices_m.employee_id,
            (20 + pick('debit', invoices_m.cust_no, invoices_m.k, 300))::decimal(18, 2)
                as net_amount,
        from invoices_m
        inner join calendar on calendar.day = invoices_m.day + {DEBIT_LAG_DAYS}
        where uniform('debited', invoices_m.cust_no, invoices_m.k) < {DEBIT_SHARE}
            and invoices_m.kind = 'regular' and not invoices_m.is_cash
            and invoices_m.part = 'steady' and calendar.business_day < date '{end}';

        create or replace temporary table adjustments_m as
        select
            'AD{start:%y%m}' || lpad((n + 1)::varchar, 3, '0') as document_no,
            if(n % 2 = 0, null, (
                select cust_no from customers where part = 'steady' order by cust_no limit 1
            )) as cust_no,
            (select max(business_day) from calendar
                where business_day < date '{end}') as day,
            round(400 * normal('adjustment', epoch(date '{start}')::bigint, n), 2)::decimal(18, 2)
                as net_amount,
        from range({ADJUSTMENTS_A_MONTH}) as t (n);

        create or replace temporary table notes_m as
        select distinct
            document_no, cust_no, credit_day as day, 'credit_note' as document_type,
            original_document_no, currency, employee_id, credit_kind,
        from credits_m
        union all
        select
            document_no, cust_no, day, 'debit_note', original_document_no, currency, employee_id,
            null,
        from debits_m
        union all
        select document_no, cust_no, day, 'adjustment', null, 'CNY', null, null,
        from adjustments_m;

        insert into lines_m by name
        select
            document_no, note_line_no as line_no, cust_no, credit_day as day, currency,
            product_code, category_code, quantity, unit_price, discount_amount, net_amount,
            cost_amount, return_reason_code,
        from credits_m
        union all by name
        select
            document_no, 1 as line_no, cust_no, day, currency, 'SER-001' as product_code,
            'services' as category_code, 1 as quantity, net_amount as unit_price,
            0 as discount_amount, net_amount,
        from debits_m
        union all by name
        select
            document_no, 1 as line_no, cust_no, day, 'CNY' as currency, 1 as quantity,
            net_amount as unit_price, 0 as discount_amount, net_amount,
        from adjustments_m
        """
    )
