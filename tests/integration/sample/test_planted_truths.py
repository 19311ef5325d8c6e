"""What the truth says is really in the extracts, checked by queries of its own."""

import pytest

RATES = {"CNY": 1.0, "USD": 7.1}


def values(books, query):
    return books.execute(query).fetchall()


def test_every_truth_is_planted_at_least_once(books, small_sample):
    names = [file.stem for file in small_sample.truth.glob("*.csv")]
    assert len(names) >= 25
    empty = [name for name in names if not values(books, f"from truth.{name} limit 1")]
    assert empty == []


def test_full_defectors_have_no_invoice_after_their_last_order(books):
    rows = values(
        books,
        """
        select t.customer_code, t.last_order_date, max(p.document_date),
            max(i.document_date) filter (where i.document_type <> 'credit_note'),
        from truth.full_defectors as t
        inner join purchases as p using (customer_code)
        inner join invoices as i using (customer_code)
        group by all
        """,
    )
    assert len(rows) >= 8
    assert all(last == bought == invoiced for _, last, bought, invoiced in rows)


def test_a_credit_note_follows_the_last_order_of_some_defector(books):
    rows = values(
        books,
        "from truth.full_defectors where last_credit_date > last_order_date + 30",
    )
    assert rows


def test_customers_without_a_part_never_fall_silent_for_long(books):
    silent = values(
        books,
        """
        with gaps as (
            select p.customer_code, p.document_date - lag(p.document_date) over (
                partition by p.customer_code order by p.document_date) as gap,
            from purchases as p
            inner join truth.customers as c using (customer_code)
            where c.part in ('steady', 'newcomer', 'group_head')
            union all
            select customer_code, date '2026-01-01' - max(document_date)
            from purchases inner join truth.customers as c using (customer_code)
            where c.part in ('steady', 'newcomer', 'group_head')
            group by customer_code
        )
        from gaps where gap > 110
        """,
    )
    assert silent == []


def test_seasonal_buyers_buy_in_the_same_months_each_year(books):
    rows = values(
        books,
        """
        select t.customer_code, year(p.document_date), t.season_first, t.season_length,
            list_sort(list_distinct(list(month(p.document_date)))),
        from truth.seasonal_buyers as t inner join purchases as p using (customer_code)
        group by all
        """,
    )
    for _, _, first, length, months in rows:
        season = {(first - 1 + step) % 12 + 1 for step in range(length)}
        assert set(months) <= season
    years = {(code, year) for code, year, *_ in rows}
    assert all((code, year) in years for code, _ in years for year in (2023, 2024, 2025))


def test_returners_are_away_and_come_back(books):
    rows = values(
        books,
        """
        select t.last_order_before, t.first_order_after,
            count(*) filter (where p.document_date > t.last_order_before
                and p.document_date < t.first_order_after),
        from truth.win_backs as t inner join purchases as p using (customer_code) group by all
        """,
    )
    assert len(rows) == 3
    assert all((back - gone).days > 250 and between == 0 for gone, back, between in rows)


def test_partial_spend_falls_below_two_fifths_for_two_quarters(books):
    rows = values(
        books,
        """
        select t.customer_code, quarter, sum(p.gross_amount) filter (
                where p.document_date >= t.from_date + to_months(3 * quarter)
                and p.document_date < t.from_date + to_months(3 * quarter + 3))
            / sum(p.gross_amount) filter (
                where p.document_date >= t.from_date + to_months(3 * quarter - 12)
                and p.document_date < t.from_date + to_months(3 * quarter - 9)) as ratio,
        from truth.partial_defectors as t
        inner join purchases as p using (customer_code)
        cross join range(2) as q (quarter)
        where t.kind = 'spend'
        group by all
        """,
    )
    assert len(rows) >= 4
    assert all(0 < ratio < 0.4 for _, _, ratio in rows)


def test_dropped_categories_are_bought_until_they_are_dropped(books, small_sample):
    rows = values(
        books,
        f"""
        select t.customer_code,
            count(*) filter (where i.document_date < t.from_date) as lines_before,
            count(*) filter (where i.document_date >= t.from_date) as lines_after,
        from truth.partial_defectors as t
        inner join truth.product_categories as c using (category_code)
        inner join invoices as i using (customer_code)
        inner join invoice_lines as l using (document_no)
        inner join (
            select distinct product_code, product_category
            from read_csv('{small_sample.extracts}/ledger/products/*.csv.gz')
        ) as p using (product_code)
        where t.kind = 'category' and i.document_type = 'invoice'
            and p.product_category = c.product_category
        group by all
        """,
    )
    assert len(rows) >= 2
    assert all(before > 20 and after == 0 for _, before, after in rows)


def test_hidden_defectors_spend_more_for_a_smaller_share(books):
    rows = values(
        books,
        """
        select customer_code, list(own_spend_amount / wallet_amount order by calendar_year),
            list(own_spend_amount order by calendar_year), bool_or(is_hidden),
        from truth.hidden_partial_defectors group by all
        """,
    )
    assert any(is_hidden for *_, is_hidden in rows)
    assert all(shares[0] - shares[-1] > 0.3 for _, shares, *_ in rows)
    assert all(spend[-1] > spend[0] for _, _, spend, hidden in rows if hidden)


def test_false_big_customers_are_big_and_earn_nothing_or_pay_late(books, small_sample):
    margins = values(
        books,
        """
        select t.customer_code, sum(p.cost_amount) > sum(p.gross_amount),
        from truth.false_big_customers as t inner join purchases as p using (customer_code)
        where t.kind = 'margin' group by all
        """,
    )
    assert margins
    assert all(loses for _, loses in margins)
    overdue = values(
        books,
        f"""
        select median(r.received_on - i.due_date)
        from truth.false_big_customers as t
        inner join invoices as i using (customer_code)
        inner join read_csv('{small_sample.extracts}/ledger/receipts/*.csv.gz') as r
            using (document_no)
        where t.kind = 'overdue' and i.document_type = 'invoice'
        """,
    )
    assert overdue[0][0] > 90
    ranks = values(
        books,
        """
        with ranked as (
            select customer_code, percent_rank() over (order by sum(gross_amount) desc) as place
            from purchases group by customer_code
        )
        select max(place) from ranked inner join truth.false_big_customers using (customer_code)
        """,
    )
    assert ranks[0][0] < 0.2


def test_reversed_orders_leave_nothing(books):
    rows = values(
        books,
        """
        select t.document_date, t.credit_date, sum(l.net_amount)
        from truth.reversed_orders as t
        inner join invoice_lines as l on l.document_no in (t.document_no, t.credit_document_no)
        group by all
        """,
    )
    assert len(rows) == 2
    assert all(left == pytest.approx(0, abs=0.001) for *_, left in rows)
    assert {credited == ordered for ordered, credited, _ in rows} == {True, False}


def test_merged_customers_both_buy_and_the_absorbed_one_stops(books):
    rows = values(
        books,
        """
        select t.merged_on, max(a.document_date), min(s.document_date), max(s.document_date)
        from truth.merges as t
        inner join purchases as a on t.absorbed_code = a.customer_code
        inner join purchases as s on t.survivor_code = s.customer_code
        group by t.absorbed_code, t.merged_on
        """,
    )
    assert len(rows) == 4
    assert all(first < merged and (last - merged).days <= 16 for merged, last, first, _ in rows)


def test_a_part_orders_for_itself_what_its_origin_no_longer_does(books):
    rows = values(
        books,
        """
        with spent as (
            select
                t.part_code, t.split_on, t.first_order_date,
                p.customer_code = t.part_code as is_part,
                min(p.document_date) as first_day,
                sum(p.gross_amount) filter (where p.document_date < t.split_on)
                    / any_value(t.split_on - date '2023-01-01') as before,
                sum(p.gross_amount) filter (where p.document_date >= t.split_on)
                    / any_value(date '2026-01-01' - t.split_on) as after,
            from truth.splits as t
            inner join purchases as p on p.customer_code in (t.part_code, t.split_from_code)
            group by all
        )
        select
            part.split_on, part.first_order_date, part.first_day, part.before,
            origin.after / origin.before, (origin.after + part.after) / origin.before,
        from spent as part
        inner join spent as origin on part.part_code = origin.part_code
        where part.is_part and not origin.is_part
        """,
    )
    assert len(rows) == 2
    for split_on, said, first_day, before, remains, together in rows:
        assert said == first_day >= split_on
        assert before is None
        assert 0.3 < remains < 0.9
        assert 0.7 < together < 1.5


def test_waves_raise_failures_and_only_the_right_action_ends_one(books, small_sample):
    counts = dict(
        values(
            books,
            f"""
            select failure_code || case
                    when occurred_at < w.wave_from then ' before'
                    when occurred_at < coalesce(w.action_done_on, w.wave_to) then ' during'
                    else ' after'
                end,
                count(distinct case_id) / count(distinct date_trunc('month', occurred_at))
            from read_csv('{small_sample.extracts}/crm/cases/*.csv.gz') as c
            inner join truth.failure_waves as w using (failure_code)
            group by 1
            """,
        )
    )
    assert counts["delivery_late during"] > 2 * counts.get("delivery_late before", 0)
    assert counts["delivery_late during"] > 2 * counts.get("delivery_late after", 0)
    assert counts["billing_error during"] > counts["billing_error before"]
    assert counts["billing_error after"] > counts["billing_error before"]
    assert "packaging_leak before" not in counts
    assert counts["packaging_leak during"] > 0


def test_what_is_reported_late_came_late(books, small_sample):
    folder = small_sample.extracts
    rows = values(
        books,
        f"""
        select distinct c.case_id
        from read_csv('{folder}/crm/cases/*.csv.gz') as c
        inner join (
            select document_no, max(coalesce(delivered_on, date '2999-01-01')
                    - first_promised_date) as days_late,
            from read_csv('{folder}/ledger/deliveries/*.csv.gz') group by document_no
        ) as d using (document_no)
        where c.failure_code = 'delivery_late' and d.days_late <= 0
        """,
    )
    assert rows == []


def test_truth_of_the_months_is_what_the_documents_add_up_to(books):
    differences = values(
        books,
        """
        with added as (
            select date_trunc('month', i.document_date)::date as reporting_month, i.currency,
                count(distinct i.document_no) as document_count, count(*) as line_count,
                round(sum(l.net_amount::decimal(18, 2)), 2) as net_amount,
            from invoices as i inner join invoice_lines as l using (document_no) group by all
        )
        select t.reporting_month, t.currency from truth.ledger_months as t
        left join added as a using (reporting_month, currency)
        where t.document_count is distinct from a.document_count
            or t.line_count is distinct from a.line_count
            or abs(t.net_amount - a.net_amount) > 0.001
        """,
    )
    assert differences == []
