"""What was spent on accounts, and what happened at accounts and competitors."""

from datetime import date

import duckdb

from orchestration.sample.vocabulary import EVENT_NOTES, LIFE_EVENTS, PROGRAMMES, language_index


def build_spend(connection: duckdb.DuckDBPyConnection, language: str) -> None:
    """Create table `account_investments`."""
    word = language_index(language)
    programmes = ", ".join(f"'{words[word]}'" for words in PROGRAMMES)
    connection.execute(
        f"""
        create or replace table account_investments as
        with spent as (
            select 'IN1' as series, cust_no, 0::bigint as n, 'acquisition' as kind,
                start_day - 12 as spent_on, 0.6 as share, null::varchar as programme,
            from customers where part = 'newcomer'
            union all
            select 'IN2', cust_no, 0, 'retention', end_day - 50, 0.3, null
            from customers where part = 'full_defector' and place % 3 = 0
            union all
            select 'IN3', cust_no, year(month_start), 'reward', month_start + 14, 0.2,
                list_value({programmes})[2],
            from customers cross join months
            where size_u < 0.10 and month(month_start) = 12 and start_day < month_start
                and (end_day is null or end_day > month_start)
            union all
            select 'IN4', cust_no, epoch(month_start)::bigint // 86400, 'service', month_start + 20,
                0.1, null,
            from accounts cross join months
            where service_mode = 'on_site' and month(month_start) % 3 = 0
                and part not in ('full_defector', 'closed_for_good', 'contract_not_renewed')
                and start_day < month_start
        )
        select
            spent.series || substr(a.account_id, 2) || '-' || spent.n as investment_id,
            a.account_id, spent.kind,
            round(200 + a.monthly_spend * spent.share
                * (0.5 + uniform('spend', a.cust_no, spent.n)), 2)::decimal(18, 2) as amount,
            'CNY' as currency, calendar.business_day as spent_on, spent.programme,
        from spent
        inner join accounts as a on spent.cust_no = a.cust_no
        inner join calendar on spent.spent_on = calendar.day
        union all
        select
            'IN9-' || strftime(month_start, '%y%m'), null, 'programme',
            round(20000 + 30000 * uniform('programme', epoch(month_start)::bigint, 0), 2)
                ::decimal(18, 2),
            'CNY', calendar.business_day,
            list_value({programmes})[1 + (month(month_start) // 3) % {len(PROGRAMMES)}],
        from months
        inner join calendar on calendar.day = month_start + 6
        where month(month_start) % 3 = 0
        """
    )


def build_events(connection: duckdb.DuckDBPyConnection, language: str) -> None:
    """Create table `account_events`, each known some days after it happened."""
    word = language_index(language)
    texts = EVENT_NOTES | LIFE_EVENTS
    notes = ", ".join(f"('{code}', '{words[word]}')" for code, words in texts.items())
    life_events = ", ".join(f"'{code}'" for code in LIFE_EVENTS)
    connection.execute(
        f"""
        create or replace table account_events as
        with notes (note_code, note) as (values {notes}),
        happened as (
            select
                'EV1' as series, cust_no, 0::bigint as n, null::bigint as competitor_no,
                case closed_reason
                    when 'bankrupt' then 'bankruptcy'
                    when 'deceased' then 'life_event'
                    when 'acquired' then 'divestiture'
                    else 'contraction'
                end as event_type,
                -- Heirs go on ordering for a while; the others stop at once.
                if(closed_reason = 'deceased', end_day - 50, closed_on - 12) as happened_on,
                false as has_answer,
                null::varchar as note_code,
            from customers where part = 'closed_for_good'
            union all
            select
                'EV2', cust_no, 0, if(cause_code = 'competitor_price', competitor_no, null),
                case cause_code
                    when 'competitor_price' then 'competitor_offer'
                    when 'relocation' then 'relocation'
                    else 'expansion_upstream'
                end,
                end_day - 45, false, null,
            from customers
            where part = 'full_defector'
                and cause_code in ('competitor_price', 'relocation', 'upstream_expansion')
            union all
            select 'EV3', cust_no, 0, null, 'became_competitor', end_day + 30, false, null
            from customers where part = 'full_defector' and cause_code = 'upstream_expansion'
            union all
            select
                'EV4', a.cust_no, epoch(m.month_start)::bigint // 86400, null,
                if(uniform('policy', a.cust_no, epoch(m.month_start)::bigint) < 0.2,
                    'policy_change', 'demand_change'),
                m.month_start + 11, true, null,
            from accounts as a
            cross join months as m
            left join customers as c on a.cust_no = c.cust_no
            where uniform('demand', a.cust_no, epoch(m.month_start)::bigint) < 0.003
                and a.start_day < m.month_start
                and (c.end_day is null or c.end_day > m.month_start + 40)
            union all
            -- Most of what happens to people makes nobody leave.
            select
                'EV5', a.cust_no, epoch(m.month_start)::bigint, null, 'life_event',
                m.month_start + 9, false,
                list_value({life_events})[1 + pick('life event', a.cust_no, 0, {len(LIFE_EVENTS)})],
            from accounts as a
            cross join months as m
            left join customers as c on a.cust_no = c.cust_no
            where uniform('life', a.cust_no, epoch(m.month_start)::bigint) < 0.0015
                and a.start_day < m.month_start
                and c.end_day is null
        )
        select
            h.series || substr(a.account_id, 2) || '-' || h.n as event_id, a.account_id,
            competitors.competitor_id, h.event_type, day.business_day as happened_on,
            known.business_day as known_on, answered.business_day as responded_on, notes.note,
        from happened as h
        inner join accounts as a on h.cust_no = a.cust_no
        inner join notes on coalesce(h.note_code, h.event_type) = notes.note_code
        inner join calendar as day on h.happened_on = day.day
        inner join calendar as known
            on known.day = day.business_day + pick('known', h.cust_no, h.n, 35)::integer
        left join calendar as answered
            on h.has_answer and uniform('answered event', h.cust_no, h.n) < 0.7
            and answered.day = known.business_day
                + (4 + pick('answer days', h.cust_no, h.n, 40))::integer
        left join competitors on h.competitor_no = competitors.competitor_no
        union all
        select
            'EV9-' || strftime(month_start, '%y%m'), null, 'K01', 'alliance',
            calendar.business_day, calendar.business_day + 9, null,
            (select note from notes where note_code = 'alliance'),
        from months
        inner join calendar on calendar.day = month_start + 3
        where month(month_start) = 4
        """
    )


def events_export(start: date, end: date) -> str:
    """Return a query for the events learnt of or answered in a span, as known at its end."""
    return f"""(
        select * replace (if(responded_on < date '{end}', responded_on, null) as responded_on)
        from account_events
        where (known_on >= date '{start}' and known_on < date '{end}')
            or (responded_on >= date '{start}' and responded_on < date '{end}')
    )"""
