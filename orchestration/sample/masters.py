"""Lists of customers, products, accounts and people, as they stood at the end of each month.

Every list is kept as versions: a row per key and per month in which something about it changed. A
full list is the last version of every key; a list of changes is the versions of one month.
"""

from datetime import date

import duckdb

from orchestration.sample.parameters import Window, add_months
from orchestration.sample.products import COST_DRIFT
from orchestration.sample.vocabulary import (
    CONTACT_ROLES,
    EMPLOYEE_BANDS,
    FAMILY_NAMES,
    GIVEN_NAMES,
    RARE_CHARACTER,
    SEGMENTS,
    company_name,
    language_index,
)

# Days before its end on which a contract is renewed when all goes well.
RENEWAL_LEAD_DAYS = 20
PROSPECT_SHARE = 0.01
FEWEST_PROSPECTS = 2
# Rate of the second currency: a slow swing around a mean, with a little noise.
RATE_MEAN, RATE_SWING, RATE_NOISE = 7.05, 0.22, 0.03


def build_masters(
    connection: duckdb.DuckDBPyConnection, window: Window, seed: int, language: str
) -> None:
    """Create the version tables of every master list, and tables `accounts` and `contacts`.

    Args:
        connection: Connection with tables customers, products, employees, owners and months.
        window: Months covered.
        seed: Seed of the sample.
        language: `en` or `zh`.
    """
    _customer_versions(connection)
    _product_versions(connection, window)
    _rate_versions(connection, window)
    _accounts(connection, seed, language)
    _account_versions(connection)
    _contacts(connection, language)
    _people_versions(connection)


def _customer_versions(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        """
        create or replace table customers_versions as
        with changes as (
            select cust_no, unnest(list_distinct(list_value(
                greatest((select min(month_start) from months),
                    date_trunc('month', opened_on)::date),
                date_trunc('month', merged_on)::date,
                date_trunc('month', closed_on)::date
            ))) as version_month,
            from customers
            where not is_cash
        )
        select
            changes.version_month, c.customer_code, c.customer_name,
            parents.customer_code as parent_customer_code,
            if(c.merged_on < months.month_end, survivors.customer_code, null) as merged_into_code,
            if(c.merged_on < months.month_end, c.merged_on, null) as merged_on,
            c.country, c.region, c.industry, c.currency,
            c.credit_limit::decimal(18, 2) as credit_limit,
            c.terms_days as payment_terms_days, c.opened_on,
            if(c.closed_on < months.month_end, c.closed_on, null) as closed_on,
            if(c.closed_on < months.month_end, c.closed_reason, null) as closed_reason,
            c.is_internal,
        from changes
        inner join customers as c on changes.cust_no = c.cust_no
        inner join months on changes.version_month = months.month_start
        left join customers as survivors on c.survivor_no = survivors.cust_no
        left join customers as parents on c.parent_no = parents.cust_no
        """
    )


def _product_versions(connection: duckdb.DuckDBPyConnection, window: Window) -> None:
    connection.execute(
        f"""
        create or replace table products_versions as
        select
            greatest(make_date(years.calendar_year, 1, 1), date '{window.first_month}')
                as version_month,
            p.product_code, p.product_name, p.product_category, p.product_line,
            round(p.unit_cost * pow(1 + {COST_DRIFT}, years.year_index), 4)::decimal(18, 4)
                as standard_cost,
            p.is_service,
        from products as p
        inner join (select distinct calendar_year, year_index from items) as years
            on p.launch_year <= years.year_index
        """
    )


def _rate_versions(connection: duckdb.DuckDBPyConnection, window: Window) -> None:
    connection.execute(
        f"""
        create or replace table exchange_rates_versions as
        with numbered as (
            select month_start, datediff('month', date '{window.first_month}', month_start) as n,
            from months
        )
        select
            month_start as version_month, 'USD' as currency, month_start as rate_month,
            round({RATE_MEAN} + {RATE_SWING} * sin(n / 5.0)
                + {RATE_NOISE} * normal('rate', n, 0), 4)::decimal(18, 4) as rate_to_reporting,
        from numbered
        union all
        select month_start, 'CNY', month_start, 1.0000::decimal(18, 4),
        from numbered
        """
    )


def _accounts(connection: duckdb.DuckDBPyConnection, seed: int, language: str) -> None:
    word = language_index(language)
    count = int(connection.execute("select count(*) from customers").fetchall()[0][0])
    prospects = max(FEWEST_PROSPECTS, round(count * PROSPECT_SHARE))
    # Names continue the customers' own, so that no prospect is named like a customer.
    names = [(count + n, company_name(count + n, seed * 7_919, language)) for n in range(prospects)]
    connection.execute("create or replace temporary table prospects (cust_no bigint, name varchar)")
    connection.executemany("insert into prospects values (?, ?)", names)
    segments = _list([words[word] for words in SEGMENTS])
    bands = _list(list(EMPLOYEE_BANDS))
    connection.execute(
        f"""
        create or replace table accounts as
        with known as (
            select
                cust_no, customer_code, customer_name as account_name, industry, region, size_u,
                monthly_spend, opened_on, start_day, part,
            from customers
            where has_account
            union all
            select
                cust_no, null, name, (select min(industry) from customers),
                (select min(region) from customers), 0.2, 20000, start_day, start_day, 'prospect',
            from (
                select *, (select min(month_start) from months)
                    + pick('prospect', cust_no, 0, 300)::integer as start_day,
                from prospects
            )
        )
        select
            cust_no, 'A' || lpad((cust_no + 1)::varchar, 6, '0') as account_id, customer_code,
            account_name, part, size_u, monthly_spend, opened_on, start_day,
            greatest((select min(month_start) from months), date_trunc('month', opened_on)::date)
                as first_listed,
            list_value({segments})[1 + pick('segment', cust_no, 0, {len(SEGMENTS)})] as segment,
            industry, region,
            list_value({bands})[
                1 + least(3, greatest(
                    0, floor(3.5 - 4 * size_u + normal('band', cust_no, 0))
                ))::bigint
            ] as employee_band,
            round(monthly_spend * 12 * (8 + 40 * uniform('revenue', cust_no, 0)), -3)
                ::decimal(18, 2) as annual_revenue,
            size_u < 0.05 as is_strategic,
            1 + pick('intent', cust_no, 0, 5) as long_term_intent,
            1 + pick('sensitivity', cust_no, 0, 5) as price_sensitivity,
            list_value('A', 'B', 'C', 'D')[
                1 + floor(pow(uniform('grade', cust_no, 0), 1.5) * 4)::bigint
            ] as credit_grade,
            case
                when size_u < 0.03 then 'on_site'
                when size_u < 0.08 then 'green_channel'
                when size_u < 0.20 then 'advisory'
                else 'standard'
            end as service_mode,
            size_u < 0.3 as is_watched,
        from known
        """
    )


def _account_versions(connection: duckdb.DuckDBPyConnection) -> None:
    """Give accounts a version where the contract, the notice or a merge changes them."""
    connection.execute(
        f"""
        create or replace macro term_end(an_end, as_of) as
            if(
                an_end + to_years(year(as_of) - year(an_end)) >= as_of,
                an_end + to_years(year(as_of) - year(an_end)),
                an_end + to_years(year(as_of) - year(an_end) + 1)
            )::date;

        create or replace temporary table contract_states as
        with states as (
            select
                c.cust_no, months.month_start, months.month_end,
                case
                    when c.part = 'contract_not_renewed'
                        then least(c.contract_end,
                            term_end(c.contract_end, months.month_end + {RENEWAL_LEAD_DAYS}))
                    when c.part = 'contract_renewed_late' and c.renewed_on < months.month_end
                        then term_end((c.renewed_on + interval 1 year)::date - 1,
                            months.month_end + {RENEWAL_LEAD_DAYS})
                    when c.part = 'contract_renewed_late'
                        then least(c.contract_end,
                            term_end(c.contract_end, months.month_end + {RENEWAL_LEAD_DAYS}))
                    else term_end(c.contract_end, months.month_end + {RENEWAL_LEAD_DAYS})
                end as contract_end,
                if(c.notice_date < months.month_end, c.notice_date, null) as notice_date,
            from customers as c
            cross join months
            where c.contract_end is not null
        )
        select
            *,
            (contract_end + 1 - interval 1 year)::date as contract_start,
            row(contract_end, notice_date) is distinct from lag(row(contract_end, notice_date))
                over (partition by cust_no order by month_start) as is_change,
        from states;

        create or replace table accounts_versions as
        with changes as (
            select cust_no, first_listed as version_month from accounts
            union
            select cust_no, month_start from contract_states where is_change
            union
            select customers.cust_no, date_trunc('month', customers.merged_on)::date
            from customers
            inner join accounts on customers.cust_no = accounts.cust_no
            where customers.merged_on is not null
        )
        select
            changes.version_month, a.account_id, a.customer_code, a.account_name, a.segment,
            a.industry, a.region, a.employee_band, a.annual_revenue, a.is_strategic,
            a.long_term_intent, a.price_sensitivity, a.credit_grade, a.service_mode,
            s.contract_start, s.contract_end, s.notice_date,
            if(
                a.part = 'newcomer' and uniform('referred', a.cust_no, 0) < 0.15,
                (select min(account_id) from accounts where part = 'group_head'), null
            ) as referred_by_account_id,
            coalesce(c.merged_on < months.month_end, false) as is_deleted,
        from changes
        inner join accounts as a on changes.cust_no = a.cust_no
        inner join months on changes.version_month = months.month_start
        left join customers as c on changes.cust_no = c.cust_no
        left join contract_states as s
            on changes.cust_no = s.cust_no and changes.version_month = s.month_start
        """
    )


def _contacts(connection: duckdb.DuckDBPyConnection, language: str) -> None:
    word = language_index(language)
    families = _list([words[word] for words in FAMILY_NAMES])
    givens = _list([words[word] for words in GIVEN_NAMES])
    roles = _list([words[word] for words in CONTACT_ROLES])
    name = "family || given" if language == "zh" else "given || ' ' || family"
    rare = f"'王{RARE_CHARACTER}'" if language == "zh" else "full_name"
    connection.execute(
        f"""
        create or replace table contacts as
        with people as (
            select
                a.cust_no, a.account_id, a.first_listed, n,
                a.account_id || '-' || (n + 1) as contact_id,
                list_value({families})[1 + pick('family', a.cust_no, n, {len(FAMILY_NAMES)})]
                    as family,
                list_value({givens})[1 + pick('given', a.cust_no, n, {len(GIVEN_NAMES)})] as given,
            from accounts as a,
                unnest(range(1 + pick('contacts', a.cust_no, 0, if(a.size_u < 0.2, 4, 2)))) as t (n)
        ),
        named as (
            select *, {name} as full_name from people
        )
        select
            cust_no, first_listed as version_month, contact_id, account_id,
            if(contact_id = (
                select min(contact_id) from named
                where first_listed = (select min(first_listed) from named)
            ), {rare}, full_name) as full_name,
            list_value({roles})[1 + (pick('role', cust_no, 0, 5) + n) % 5] as role,
            n = 0 as is_decision_maker,
            'contact.' || lower(replace(contact_id, '-', '.')) || '@example.com' as email,
            '+86 555 ' || lpad(pick('phone', cust_no, n, 10000000)::varchar, 7, '0') as phone,
            date '1958-01-01' + pick('birthday', cust_no, n, 14600)::integer as birthday,
            uniform('consent', cust_no, n) < 0.7 as consent,
        from named
        """
    )


def _people_versions(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        """
        create or replace table contacts_versions as select * exclude (cust_no) from contacts;

        create or replace table employees_versions as
        select (select min(month_start) from months) as version_month, * replace (
            null::date as left_on
        ) from employees
        union all
        select date_trunc('month', left_on)::date, * from employees where left_on is not null;

        create or replace table account_assignments_versions as
        with owned as (
            select
                accounts.account_id, owners.employee_id, owners.owned_from as assigned_from,
                if(owners.owned_to > date '2900-01-01', null, owners.owned_to) as assigned_to,
                greatest(accounts.first_listed, date_trunc('month', owners.owned_from)::date)
                    as first_listed,
            from owners
            inner join accounts on owners.cust_no = accounts.cust_no
        )
        select
            first_listed as version_month, account_id, employee_id, assigned_from,
            null::date as assigned_to, 'owner' as role,
        from owned
        union all
        select
            greatest(first_listed, date_trunc('month', assigned_to)::date), account_id, employee_id,
            assigned_from, assigned_to, 'owner',
        from owned
        where assigned_to is not null
            and date_trunc('month', assigned_to)::date > first_listed
        """
    )


def full_list(label: str, key: tuple[str, ...], month: date) -> str:
    """Return a query for the whole list as it stood at the end of a month.

    Args:
        label: Table of the contract, without its source.
        key: Its key.
        month: First day of the month.
    """
    return f"""(
        select * from {label}_versions where version_month <= date '{month}'
        qualify row_number() over (
            partition by {", ".join(key)} order by version_month desc
        ) = 1
    )"""


def changed_rows(label: str, month: date) -> str:
    """Return a query for what is new or changed in a month."""
    return f"(select * from {label}_versions where version_month = date '{month}')"


def month_table(connection: duckdb.DuckDBPyConnection, window: Window) -> None:
    """Create table `months`: month_start and month_end (the first day after) of every month."""
    pairs = ", ".join(
        f"(date '{month}', date '{add_months(month, 1)}')" for month in window.all_months()
    )
    connection.execute(
        "create or replace table months as"
        f" select * from (values {pairs}) as t (month_start, month_end)"
    )


def _list(words: list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
