"""What is true of documents, cases, wallets and files."""

from orchestration.sample.export import MONTHLY_CRM_MONTHS
from orchestration.sample.truth_table import TruthTable

BOOK_TRUTHS: tuple[TruthTable, ...] = (
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
        "reopened_cases",
        "A case whose first solving did not hold. is_first_told: the end of a month with a delivery"
        " lies between the first solving and the reopening, so that a file tells of it.",
        f"""
        with reached as (
            select *, greatest(
                date_trunc('month', first_resolved_at) + interval 1 month,
                (select max(month_end) from months) - interval {MONTHLY_CRM_MONTHS} month
            ) as next_month_end
            from reopenings
        )
        select case_id, account_id, first_resolved_at, reopened_at, last_resolved_at,
            next_month_end <= reopened_at as is_first_told,
        from reached
        where reopened_at < (select max(month_end) from months) order by case_id
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
