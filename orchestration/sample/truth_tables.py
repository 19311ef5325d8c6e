"""The truth tables: one query and one sentence each."""

from typing import NamedTuple

import duckdb

from orchestration.sample.failures import NEW_TYPE, NEW_TYPE_FROM, WAVES
from orchestration.sample.parameters import Window


class TruthTable(NamedTuple):
    """One truth table.

    Attributes:
        name: File name without extension.
        description: What one row is.
        query: Its rows, in a fixed order.
    """

    name: str
    description: str
    query: str


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
            s.customer_code as survivor_code, p.customer_code as parent_code, k.competitor_id,
        from customers as c
        left join orders on c.cust_no = orders.cust_no
        left join accounts as a on c.cust_no = a.cust_no
        left join customers as s on c.survivor_no = s.cust_no
        left join customers as p on c.parent_no = p.cust_no
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


_LEFT = """
    select
        customer_code, account_id, {kind} as kind, last_order_date, last_document_date,
        last_credit_date, cause_code, exit_class, competitor_id,
        fade_from is not null as is_gradual, fade_from, is_satisfied_before, notice_date,
    from lives where part = '{part}'
"""

TRUTH_TABLES: tuple[TruthTable, ...] = (
    TruthTable(
        "customers",
        "A ledger customer: its part, and first and last order as the documents have them.",
        """
        select
            customer_code, account_id, golden_code, parent_code, part, first_order_date,
            last_order_date, last_document_date, coalesce(order_count, 0) as order_count, currency,
            is_internal,
        from lives order by customer_code
        """,
    ),
    TruthTable(
        "full_defectors",
        "A customer that left for good: silent (kind `silence`) or by an ended contract (kind"
        " `contract`). No order after last_order_date; a credit note may follow it.",
        f"{_LEFT.format(kind=chr(39) + 'silence' + chr(39), part='full_defector')} union all"
        f" {_LEFT.format(kind=chr(39) + 'contract' + chr(39), part='contract_not_renewed')}"
        " order by customer_code",
    ),
    TruthTable(
        "partial_defectors",
        "A customer that still buys but lost in part: `spend` falls below 40 % of the same quarter"
        " a year before from from_date on; `category` drops one whole category.",
        """
        select
            customer_code, account_id, if(part = 'partial_spend', 'spend', 'category') as kind,
            coalesce(step_day, drop_from) as from_date,
            if(part = 'partial_category', (
                select min(category_code) from products where products.cat = lives.cat2
            ), null) as category_code,
            competitor_id,
        from lives where part in ('partial_spend', 'partial_category') order by customer_code
        """,
    ),
    TruthTable(
        "hidden_partial_defectors",
        "A year of a customer whose share of wallet falls, over its three watched categories, in"
        " reporting currency. Hidden (is_hidden) where its spend grew on the year before all the"
        " same.",
        """
        select
            l.customer_code, l.account_id, w.calendar_year,
            sum(w.spend)::decimal(18, 2) as own_spend_amount,
            sum(w.wallet_amount * if(w.currency = 'USD', 7.10, 1.00))::decimal(18, 2)
                as wallet_amount,
            round(min(w.share), 4) as planted_share,
            sum(w.spend) > lag(sum(w.spend)) over (
                partition by l.customer_code order by w.calendar_year
            ) as is_hidden,
        from wallet_estimates as w
        inner join lives as l on w.cust_no = l.cust_no
        where l.part = 'hidden_partial'
        group by l.customer_code, l.account_id, w.calendar_year
        order by l.customer_code, w.calendar_year
        """,
    ),
    TruthTable(
        "seasonal_buyers",
        "A customer that buys only in season_length months from season_first on, every year; off"
        " season it is not lost.",
        """
        select customer_code, account_id, season_first, season_length, last_order_date
        from lives where part = 'seasonal' order by customer_code
        """,
    ),
    TruthTable(
        "win_backs",
        "A customer that left and came back; attributable where it was called and visited before.",
        """
        select
            l.customer_code, l.account_id,
            max(d.day) filter (where d.day < l.gap_from) as last_order_before,
            min(d.day) filter (where d.day >= l.gap_to) as first_order_after,
            l.place % 2 = 0 as is_attributable,
        from lives as l
        inner join document_log as d on l.cust_no = d.cust_no and d.qualifying_line_count > 0
        where l.part = 'win_back'
        group by all order by l.customer_code
        """,
    ),
    TruthTable(
        "one_time_buyers",
        "A customer with a single order.",
        """
        select customer_code, account_id, first_order_date from lives
        where part = 'one_time' and order_count = 1 order by customer_code
        """,
    ),
    TruthTable(
        "new_customers",
        "A customer that came during the window and stayed.",
        """
        select customer_code, account_id, opened_on, first_order_date from lives
        where part = 'newcomer' and first_order_date is not null order by customer_code
        """,
    ),
    TruthTable(
        "merges",
        "A customer taken over by another; a chain ends in golden_code. Some get one more invoice"
        " on the old code.",
        """
        select
            customer_code as absorbed_code, survivor_code, golden_code, merged_on, last_order_date,
        from lives where survivor_code is not null order by customer_code
        """,
    ),
    TruthTable(
        "groups",
        "A customer that belongs to a group's head.",
        """
        select parent_code, customer_code as child_code, part = 'full_defector' as has_left
        from lives where parent_code is not null order by 1, 2
        """,
    ),
    TruthTable(
        "internal_accounts",
        "An own unit or a test account, with documents that no metric may count.",
        """
        select customer_code, part as kind, last_document_date from lives
        where is_internal order by customer_code
        """,
    ),
    TruthTable(
        "closed_for_good",
        "A customer that closed down: no defection, and nobody to win back.",
        """
        select customer_code, account_id, closed_on, closed_reason, last_order_date from lives
        where closed_on is not null order by customer_code
        """,
    ),
    TruthTable(
        "contracts",
        "A contractual customer at its decisive contract end: renewed before it, renewed late but"
        " inside the 90 days of grace, or not renewed.",
        """
        select
            customer_code, account_id, part as kind, contract_end, renewed_on, notice_date,
            last_order_date,
        from lives where contract_end is not null order by customer_code
        """,
    ),
    TruthTable(
        "credit_notes",
        "A credit note: on the same day, later, without naming its invoice, as a reversal of a big"
        " order, after its customer had left, or of a customer that never bought.",
        """
        select
            d.document_no, d.original_document_no, l.customer_code, d.day as document_date,
            d.credit_kind, o.day as original_date, d.currency, d.net_amount,
        from document_log as d
        inner join lives as l on d.cust_no = l.cust_no
        left join document_log as o on d.original_document_no = o.document_no
        where d.document_type = 'credit_note' order by d.document_no
        """,
    ),
    TruthTable(
        "reversed_orders",
        "A big order of a small customer, taken back whole on the same day or days later.",
        """
        select
            l.customer_code, o.document_no, o.day as document_date, o.net_amount, o.currency,
            d.document_no as credit_document_no, d.day as credit_date,
            d.net_amount as credit_net_amount,
        from document_log as d
        inner join document_log as o on d.original_document_no = o.document_no
        inner join lives as l on d.cust_no = l.cust_no
        where d.credit_kind in ('reverse_same_day', 'reverse_later') order by o.document_no
        """,
    ),
    TruthTable(
        "false_big_customers",
        "A customer among the biggest by revenue that earns nothing (`margin`) or pays more than 90"
        " days late (`overdue`).",
        """
        select
            customer_code, account_id, if(part = 'false_big_margin', 'margin', 'overdue') as kind,
        from lives where part in ('false_big_margin', 'false_big_overdue') order by customer_code
        """,
    ),
    TruthTable(
        "never_bought",
        "A customer with documents but without a single purchase: credit notes only, or zero values"
        " only.",
        """
        select customer_code, account_id, part as kind, last_document_date from lives
        where part in ('credit_only', 'zero_value_only') order by customer_code
        """,
    ),
    TruthTable(
        "prospects",
        "A CRM account without a ledger customer.",
        "select account_id, opened_on from accounts where part = 'prospect' order by account_id",
    ),
    TruthTable(
        "failure_waves",
        "A failure type whose frequency was raised from wave_from to before wave_to, with the"
        " action against it and what that did: solved, not_solved; or a type that is new.",
        "select * from planted_waves order by failure_code",
    ),
    TruthTable(
        "unresolved_complaints",
        "A complaint that stayed open, after which its customer left.",
        """
        select cases.case_id, l.customer_code, l.account_id, cases.received_at::date as received_on,
            l.last_order_date,
        from cases inner join lives as l on cases.account_id = l.account_id
        where cases.plant = 'unresolved_before_defection' order by cases.case_id
        """,
    ),
    TruthTable(
        "satisfied_then_left",
        "A survey answered well by a customer that left within eight months.",
        """
        select distinct s.invite_id, l.customer_code, l.account_id,
            s.answered_at::date as answered_on, l.last_order_date,
        from survey_answers as s inner join lives as l on s.account_id = l.account_id
        where s.is_planted order by s.invite_id
        """,
    ),
    TruthTable(
        "owner_changes",
        "A change of the employee who owns an account; gap_days without an owner in between.",
        """
        select l.customer_code, l.account_id, f.employee_id as from_employee_id,
            s.employee_id as to_employee_id, f.owned_to as left_on, s.owned_from as taken_on,
            s.gap_days,
        from owners as s
        inner join owners as f on s.cust_no = f.cust_no and f.place = 0
        inner join lives as l on s.cust_no = l.cust_no
        where s.place = 1 and l.account_id is not null order by l.customer_code
        """,
    ),
    TruthTable(
        "wallet_traps",
        "A wallet estimate that misleads: method_change breaks the series, stale was never renewed,"
        " understated is below what the customer spends with us.",
        """
        select
            l.customer_code, l.account_id, replace(l.part, 'wallet_', '') as kind, w.category_code,
            w.period_start, w.method, w.wallet_amount, w.currency,
        from wallet_estimates as w inner join lives as l on w.cust_no = l.cust_no
        where l.part in ('wallet_method_change', 'wallet_stale', 'wallet_understated')
        order by l.customer_code, w.category_code, w.period_start
        """,
    ),
    TruthTable(
        "extract_oddities",
        "A file or line that went wrong on its way: late, corrected (with the wrong and the right"
        " amount), overlap (documents delivered twice), exact_duplicate.",
        "select * from oddity_log order by all nulls first",
    ),
    TruthTable(
        "ledger_months",
        "A month of the true ledger: documents, lines and net amounts by currency, purchases, and"
        " customers who purchased (by code, and by golden code after merges).",
        """
        select
            date_trunc('month', d.day)::date as reporting_month, d.currency,
            count(*) as document_count, sum(d.line_count)::bigint as line_count,
            sum(d.net_amount)::decimal(18, 2) as net_amount,
            count(*) filter (where d.qualifying_line_count > 0) as order_count,
            sum(d.qualifying_line_count)::bigint as qualifying_line_count,
            sum(d.qualifying_amount)::decimal(18, 2) as gross_amount,
            count(distinct l.customer_code) filter (where d.qualifying_line_count > 0)
                as active_customer_count,
            count(distinct l.golden_code) filter (where d.qualifying_line_count > 0)
                as active_golden_count,
        from document_log as d left join lives as l on d.cust_no = l.cust_no
        group by all order by all
        """,
    ),
    TruthTable(
        "product_categories",
        "A product category: its code here, and the name the extracts use.",
        "select category_code, product_category from category_names order by category_code",
    ),
)
