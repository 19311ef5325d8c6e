"""Lists of customers, products, accounts and people, as they stood at the end of each month.

Every list is kept as versions: a row per key and per month in which something about it changed. A
full list is the last version of every key; a list of changes is the versions of one month.
"""

from datetime import date

import duckdb

from orchestration.sample.accounts import (
    build_account_versions,
    build_accounts,
    build_contacts,
)
from orchestration.sample.archive import build_stale_fields
from orchestration.sample.parameters import Window, add_months
from orchestration.sample.products import COST_DRIFT

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
    build_accounts(connection, seed, language)
    build_stale_fields(connection, window)
    build_account_versions(connection)
    build_contacts(connection, language)
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
