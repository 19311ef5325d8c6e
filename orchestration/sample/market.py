"""What accounts spend elsewhere, with whom, and what is on offer: wallets, competitors, deals."""

from datetime import date

import duckdb

from orchestration.sample.ledger import PRICE_LIST_RATE
from orchestration.sample.parameters import Window
from orchestration.sample.vocabulary import CATEGORIES, COMPETITORS, language_index

# Accounts down to this size share have wallet estimates.
WATCHED_SIZE = 0.30
# Share of wallet of hidden partial defectors in the first and the last year.
HIDDEN_SHARE_FIRST, HIDDEN_SHARE_LAST = 0.72, 0.34
# What a change of method does to the amount though nothing has changed at the account.
METHOD_BREAK = 1.45
UNDERSTATED = 0.70
FEWEST_MONTHS_OF_A_YEAR = 3
EXPANSIONS_A_MONTH = 0.006


def build_wallets(connection: duckdb.DuckDBPyConnection, window: Window, language: str) -> None:
    """Create table `wallet_estimates`: one a year for the three main categories of big accounts.

    Args:
        connection: Connection with tables accounts, customers and category_log.
        window: Months covered.
        language: `en` or `zh`.
    """
    word = language_index(language)
    names = ", ".join(f"('{row.code}', '{row.name[word]}')" for row in CATEGORIES)
    connection.execute(
        f"""
        create or replace table category_names as
        select * from (values {names}) as t (category_code, product_category);

        create or replace table category_years as
        select
            cust_no, category_code, year(month_start) as calendar_year,
            sum(net_amount * if(currency = 'USD', {PRICE_LIST_RATE}, 1.00)::decimal(6, 2))
                ::decimal(18, 2) as spend,
        from category_log
        group by cust_no, category_code, calendar_year;

        create or replace table wallet_estimates as
        with years as (
            select
                year(month_start) as calendar_year, count(*) as month_count,
                row_number() over (order by year(month_start)) - 1 as year_no,
                count(*) over () as year_count,
            from months
            group by year(month_start)
            having count(*) >= {FEWEST_MONTHS_OF_A_YEAR}
        ),
        watched as (
            select
                a.account_id, a.cust_no, c.part, c.currency,
                0.25 + 0.55 * uniform('share', a.cust_no, 0) as base_share,
                list_value('customer_stated', 'survey', 'tender', 'analyst', 'model')[
                    1 + pick('method', a.cust_no, 0, 5)] as base_method,
                list_value(c.cat1, c.cat2, c.cat3) as cats, c.end_day,
            from accounts as a
            inner join customers as c on a.cust_no = c.cust_no
            where (a.size_u < {WATCHED_SIZE} and c.part not in ('partial_spend', 'one_time'))
                or c.part = 'hidden_partial'
        ),
        spent as (
            select
                watched.*, years.*, items.category_code, category_names.product_category, place,
                coalesce(s.spend, 0) * 12.0 / years.month_count as spend,
                max(coalesce(s.spend, 0)) over (
                    partition by watched.cust_no, items.category_code
                ) as most_spend,
            from watched
            cross join years
            cross join unnest(range(3)) as t (place)
            inner join (select distinct cat, category_code from products) as items
                on items.cat = watched.cats[place + 1]
            inner join category_names on items.category_code = category_names.category_code
            left join category_years as s
                on watched.cust_no = s.cust_no and items.category_code = s.category_code
                and years.calendar_year = s.calendar_year
        ),
        estimated as (
            select
                *,
                case
                    when part = 'hidden_partial' then {HIDDEN_SHARE_FIRST}
                        - ({HIDDEN_SHARE_FIRST} - {HIDDEN_SHARE_LAST})
                            * year_no / greatest(1, year_count - 1)
                    else base_share
                end as share,
                if(part in ('full_defector', 'partial_category', 'win_back',
                    'contract_not_renewed', 'closed_for_good'), most_spend, spend) as known_spend,
                part = 'wallet_method_change' and year_no = year_count - 1 as is_break,
            from spent
            where (end_day is null or year(end_day) >= calendar_year)
                and (part <> 'wallet_stale' or year_no = 0)
        )
        select
            account_id, cust_no, part, category_code, product_category,
            make_date(calendar_year, 1, 1) as period_start,
            make_date(calendar_year + 1, 1, 1) as period_end,
            round(
                known_spend / if(currency = 'USD', {PRICE_LIST_RATE}, 1)
                * case
                    when part = 'wallet_understated' then {UNDERSTATED}
                    when is_break then {METHOD_BREAK} / share
                    else 1 / share
                end
                * (1 + 0.015 * normal('wallet', hash(account_id, category_code), calendar_year)), -1
            )::decimal(18, 2) as wallet_amount,
            currency,
            case
                when part = 'wallet_method_change' then if(is_break, 'model', 'customer_stated')
                else base_method
            end as method,
            if(share > 0.5, 1, 2) as our_rank,
            2 + pick('suppliers', cust_no, place, 3) as supplier_count,
            calendar.business_day as estimated_on, share, calendar_year, spend,
        from estimated
        inner join calendar
            on calendar.day = make_date(calendar_year, 12, 1)
                + pick('estimated', cust_no, place, 14)::integer
        where known_spend > 0
        """
    )


def build_positions(connection: duckdb.DuckDBPyConnection, language: str) -> None:
    """Create table `competitor_positions`: who else sells to whom, and how we know."""
    word = language_index(language)
    names = ", ".join(
        f"({n}, '{key}', '{words[word]}')" for n, (key, words) in enumerate(COMPETITORS)
    )
    connection.execute(
        f"""
        create or replace table competitors as
        select * from (values {names}) as t (competitor_no, competitor_id, competitor_name);

        create or replace table competitor_positions as
        with seen as (
            select
                account_id, cust_no, product_category, estimated_on + 5 as noted_on,
                pick('rival', hash(account_id, category_code), 0, 8) as competitor_no,
                round((1 - least(share, 0.95)) * 0.7, 2) as estimated_share,
                list_value('invoice', 'customer', 'rep', 'estimate')[
                    1 + pick('evidence', hash(account_id, category_code), calendar_year, 4)
                ] as evidence,
            from wallet_estimates
            where uniform('noted', hash(account_id, category_code), calendar_year) < 0.5
            union all
            select
                a.account_id, c.cust_no, names.product_category,
                coalesce(c.end_day, c.gap_from, c.step_day, c.drop_from)
                    + (30 + pick('noticed', c.cust_no, 0, 40))::integer,
                c.competitor_no, if(c.part = 'partial_spend', 0.75, 0.90),
                list_value('customer', 'rep')[1 + pick('evidence', c.cust_no, 0, 2)],
            from customers as c
            inner join accounts as a on c.cust_no = a.cust_no
            inner join (select distinct cat, category_code from products) as items
                on items.cat = if(c.part = 'partial_category', c.cat2, c.cat1)
            inner join category_names as names on items.category_code = names.category_code
            where c.competitor_no is not null
        )
        select
            seen.account_id, seen.cust_no, competitors.competitor_id, seen.product_category,
            calendar.business_day as noted_on, competitors.competitor_name,
            max(seen.estimated_share)::decimal(4, 2) as estimated_share,
            min(seen.evidence) as evidence,
        from seen
        inner join competitors on seen.competitor_no = competitors.competitor_no
        inner join calendar on seen.noted_on = calendar.day
        group by all
        """
    )


def build_opportunities(connection: duckdb.DuckDBPyConnection, window: Window) -> None:
    """Create table `opportunities` in its final state; exports show it as known each month."""
    connection.execute(
        f"""
        create or replace table opportunities as
        with deals as (
            select
                'OP1' as series, cust_no, 0::bigint as n,
                if(uniform('switched', cust_no, 0) < 0.3, 'switch_in', 'new') as opportunity_type,
                'won' as stage, start_day - 25 as opened_on, start_day as closed_on,
                null::bigint as competitor_no, null as reason_code,
            from customers
            where part = 'newcomer'
            union all
            select 'OP2', cust_no, 0, 'new', 'open', start_day, null, null, null
            from accounts where part = 'prospect'
            union all
            select
                'OP3', cust_no, 0, 'renewal', if(renewed_on is null, 'lost', 'won'),
                contract_end - 90, coalesce(renewed_on, contract_end), competitor_no, cause_code,
            from customers where contract_end is not null
            union all
            select 'OP4', cust_no, 0, 'win_back', 'won', gap_to - 40, gap_to, null, 'lack_of_care'
            from customers where part = 'win_back' and place % 2 = 0
            union all
            select
                'OP5', cust_no, 0, 'win_back', 'lost', end_day + 130, end_day + 190, competitor_no,
                cause_code,
            from customers where part = 'full_defector' and place % 4 = 0
            union all
            select
                'OP6', a.cust_no, datediff('month', date '{window.first_month}', m.month_start),
                'expansion',
                list_value('won', 'won', 'lost', 'open')[
                    1 + pick('deal', a.cust_no, epoch(m.month_start)::bigint, 4)] as outcome,
                m.month_start + 9,
                if(outcome = 'open', null, m.month_start + 60),
                if(outcome = 'lost',
                    pick('lost to', a.cust_no, epoch(m.month_start)::bigint, 8), null),
                if(outcome = 'lost', 'competitor_price', null),
            from accounts as a
            cross join months as m
            left join customers as c on a.cust_no = c.cust_no
            where uniform('expansion', a.cust_no, epoch(m.month_start)::bigint)
                    < {EXPANSIONS_A_MONTH}
                and a.start_day <= m.month_start and a.part <> 'prospect'
                and (c.end_day is null or c.end_day > m.month_start + 90)
        )
        select
            deals.series || substr(a.account_id, 2) || '-' || deals.n as opportunity_id,
            a.account_id, deals.opportunity_type, deals.stage,
            round(a.monthly_spend * (1 + 5 * uniform('deal amount', a.cust_no, deals.n)), -1)
                ::decimal(18, 2) as amount,
            opened.business_day as opened_on, closed.business_day as closed_on,
            if(deals.opportunity_type = 'switch_in', 'competitor_service', deals.reason_code)
                as reason_code,
            competitors.competitor_id,
        from deals
        inner join accounts as a on deals.cust_no = a.cust_no
        inner join calendar as opened on deals.opened_on = opened.day
        left join calendar as closed on deals.closed_on = closed.day
        left join competitors on competitors.competitor_no = if(
            deals.opportunity_type = 'switch_in', pick('switched from', deals.cust_no, 0, 8),
            deals.competitor_no
        )
        """
    )


def opportunities_export(start: date, end: date) -> str:
    """Return a query for the deals opened or closed in a span, as known at its end."""
    return f"""(
        select * replace (
            if(closed_on < date '{end}', closed_on, null) as closed_on,
            if(closed_on < date '{end}', stage, 'open') as stage,
            if(closed_on < date '{end}', reason_code, null) as reason_code,
            if(closed_on < date '{end}', competitor_id, null) as competitor_id
        )
        from opportunities
        where (opened_on >= date '{start}' and opened_on < date '{end}')
            or (closed_on >= date '{start}' and closed_on < date '{end}')
    )"""
