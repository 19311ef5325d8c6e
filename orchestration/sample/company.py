"""Sets the company up in DuckDB: every table the months are generated from."""

from datetime import date

import duckdb
import pandas as pd

from orchestration.sample.corrections import create_pending_credits
from orchestration.sample.customers import build_customers
from orchestration.sample.failures import WAVES
from orchestration.sample.ledger import SEASONALITY
from orchestration.sample.masters import build_masters, month_table
from orchestration.sample.parameters import Parameters, Window, next_business_days
from orchestration.sample.products import build_products, items_by_year
from orchestration.sample.randomness import define_macros
from orchestration.sample.settlement import create_pending
from orchestration.sample.staff import build_employees, build_owners

_CUSTOMER_DATES = (
    "start_day",
    "end_day",
    "gap_from",
    "gap_to",
    "step_day",
    "fade_from",
    "drop_from",
    "merged_on",
    "closed_on",
    "contract_end",
    "renewed_on",
    "notice_date",
    "opened_on",
)


def set_up(connection: duckdb.DuckDBPyConnection, parameters: Parameters, window: Window) -> None:
    """Create customers, catalogue, staff, calendar and master lists.

    Args:
        connection: Connection of the generator, to an empty database.
        parameters: Parameters of the sample.
        window: Months covered.
    """
    define_macros(connection, parameters.seed)
    month_table(connection, window)
    _calendar(connection, window)
    customers = build_customers(parameters, window)
    employees = build_employees(parameters, window)
    products = build_products(parameters)
    _store(connection, "customers", customers, _CUSTOMER_DATES)
    _store(connection, "employees", employees, ("hired_on", "left_on"))
    _store(connection, "products", products)
    _store(connection, "items", items_by_year(products, window))
    owners = build_owners(customers, employees, parameters, window)
    _store(connection, "owners", owners, ("owned_from", "owned_to"))
    late = next(wave for wave in WAVES if wave.code == "delivery_late")
    late_from, late_to = window.month_at(late.start), window.month_at(late.end)
    connection.execute(
        f"""
        create or replace table settings as
        select
            date '{window.first_month}' as first_day, date '{late_from}' as late_wave_from,
            date '{late_to}' as late_wave_to;
        create or replace table seasonality as
        select i + 1 as calendar_month, list_value{SEASONALITY}[i + 1]::double as factor,
        from range(12) as t (i);
        """
    )
    _planted_orders(connection, window.day_at(0.55))
    create_pending_credits(connection)
    create_pending(connection)
    build_masters(connection, window, parameters.seed, parameters.language)


def _store(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    frame: pd.DataFrame,
    dates: tuple[str, ...] = (),
) -> None:
    connection.register("incoming", frame)
    casts = ", ".join(f"{column}::date as {column}" for column in dates)
    replace = f"replace ({casts})" if casts else ""
    connection.execute(f"create or replace table {name} as select * {replace} from incoming")
    connection.unregister("incoming")


def _calendar(connection: duckdb.DuckDBPyConnection, window: Window) -> None:
    days = pd.DataFrame(next_business_days(window), columns=["day", "business_day"])
    _store(connection, "calendar", days, ("day", "business_day"))


def _planted_orders(connection: duckdb.DuckDBPyConnection, reversal_day: date) -> None:
    """Create the orders that follow no interval: single ones, empty ones and reversed ones."""
    connection.execute(
        f"""
        create or replace table planted_orders as
        select
            c.cust_no, 1000000 as k, calendar.business_day as day,
            case c.part
                when 'one_time' then 'once'
                when 'zero_value_only' then 'zero'
                when 'reversed_same_day' then 'reverse_same_day'
                when 'reversed_later' then 'reverse_later'
            end as kind,
            if(c.part in ('reversed_same_day', 'reversed_later'), 150.0, 1.0) as times,
        from customers as c
        inner join calendar
            on calendar.day = if(
                c.part in ('reversed_same_day', 'reversed_later'),
                date '{reversal_day}' + 7 * (c.place % 5)::integer, c.start_day
            )
        where c.part in (
            'one_time', 'zero_value_only', 'reversed_same_day', 'reversed_later'
        )
        """
    )
