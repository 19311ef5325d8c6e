"""What is true of customers: who left, how far and why, who only seems to have."""

from orchestration.sample.parts import SPLIT_REMAINS
from orchestration.sample.truth_table import TruthTable

_LEFT = """
    select
        customer_code, account_id, {kind} as kind, last_order_date, last_document_date,
        last_credit_date, cause_code, exit_class, competitor_id,
        fade_from is not null as is_gradual, fade_from, is_satisfied_before, notice_date,
    from lives where part = '{part}'
"""

CUSTOMER_TRUTHS: tuple[TruthTable, ...] = (
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
        "splits",
        "A part of another customer that orders for itself from split_on on; of that customer's"
        f" orders {SPLIT_REMAINS:.0%} of the value remain. No extract tells it: these are rows for"
        " `customer_overrides`.",
        """
        select customer_code as part_code, split_from_code, start_day as split_on, first_order_date,
        from lives where split_from_code is not null order by customer_code
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
        "single_contacts",
        "A customer of whom we only ever spoke with one and the same person.",
        """
        select l.customer_code, l.account_id, m.is_strategic
        from moods as m inner join lives as l on m.cust_no = l.cust_no
        where m.spoken_person_count = 1 order by l.customer_code
        """,
    ),
    TruthTable(
        "service_modes",
        "How an account is served. Nobody leaves who is advised; the other ways change nothing.",
        """
        select l.customer_code, a.account_id, a.service_mode
        from accounts as a inner join lives as l on a.cust_no = l.cust_no order by a.account_id
        """,
    ),
    TruthTable(
        "stale_fields",
        "An account of which the CRM says what no longer holds, and the ledger what does, until it"
        " was put right; to the end where corrected_month is empty.",
        """
        select l.customer_code, f.account_id, f.field_code,
            coalesce(f.archive_region, f.archive_industry) as archive_value, f.ledger_value,
            f.corrected_month,
        from stale_fields as f inner join lives as l on f.cust_no = l.cust_no
        order by f.account_id
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
)
