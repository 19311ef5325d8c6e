"""All truth tables, and the tables their queries read."""

import duckdb

from orchestration.sample.failures import NEW_TYPE, NEW_TYPE_FROM, WAVES
from orchestration.sample.parameters import Window
from orchestration.sample.truth_books import BOOK_TRUTHS
from orchestration.sample.truth_customers import CUSTOMER_TRUTHS
from orchestration.sample.truth_table import TruthTable


def create_truth_views(connection: duckdb.DuckDBPyConnection, window: Window) -> None:
    """Create the tables that several truth tables read.

    `lives` has a row per ledger customer: its part, account, golden code after merges, and first
    and last order as the documents have them. `planted_waves` has a row per failure wave.

    Args:
        connection: Connection on which the whole company was built.
        window: Months covered.
    """
    waves = ", ".join(
        f"('{wave.code}', date '{window.month_at(wave.start)}',"
        f" date '{window.month_at(wave.end) if wave.end < 1 else window.end}',"
        f" 'CA-W{number + 1}', date '{window.month_at(wave.done)}', {wave.times}::double,"
        f" {wave.times_after}::double, '{wave.outcome}')"
        for number, wave in enumerate(WAVES)
    )
    connection.execute(
        f"""
        create or replace table lives as
        with orders as (
            select
                cust_no,
                min(day) filter (where qualifying_line_count > 0) as first_order_date,
                max(day) filter (where qualifying_line_count > 0) as last_order_date,
                max(day) as last_document_date,
                max(day) filter (where document_type = 'credit_note') as last_credit_date,
                count(*) filter (where qualifying_line_count > 0) as order_count,
            from document_log
            group by cust_no
        )
        select
            c.*, a.account_id, orders.* exclude (cust_no),
            case
                when c.survivor_no is null then c.customer_code
                when s.survivor_no is null then s.customer_code
                else (select customer_code from customers as t where t.cust_no = s.survivor_no)
            end as golden_code,
            s.customer_code as survivor_code, p.customer_code as parent_code,
            f.customer_code as split_from_code, k.competitor_id,
        from customers as c
        left join orders on c.cust_no = orders.cust_no
        left join accounts as a on c.cust_no = a.cust_no
        left join customers as s on c.survivor_no = s.cust_no
        left join customers as p on c.parent_no = p.cust_no
        left join customers as f on c.split_from_no = f.cust_no
        left join competitors as k on c.competitor_no = k.competitor_no
        where not c.is_cash;

        create or replace table planted_waves as
        select * from (values {waves}) as t (
            failure_code, wave_from, wave_to, action_id, action_done_on, rate_times,
            rate_times_after, outcome
        )
        union all
        select '{NEW_TYPE}', date '{window.month_at(NEW_TYPE_FROM)}', date '{window.end}', null,
            null, null, null, 'new_type'
        """
    )


TRUTH_TABLES: tuple[TruthTable, ...] = (*CUSTOMER_TRUTHS, *BOOK_TRUTHS)
