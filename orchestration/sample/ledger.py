"""Invoices and their lines, one month at a time.

A customer orders at its own interval with a scatter of a fifth of it, so that whoever is not
scripted to be silent never is. Credit and debit notes belong in corrections.py.
"""

from datetime import date

import duckdb

from orchestration.sample.parts import FADE_DAYS
from orchestration.sample.products import COST_DRIFT

# Fixed rate the second currency's price list is converted with.
PRICE_LIST_RATE = 7.10
# Quantities by calendar month: little before and around the Spring Festival, a strong year end.
SEASONALITY = (0.92, 0.72, 1.10, 1.04, 1.00, 1.02, 0.92, 0.90, 1.06, 0.94, 1.14, 1.24)
# Shares of a customer's lines by its first to fourth category.
BASKET_CUTS = (0.45, 0.73, 0.90)
# An order falls within this share of an interval around its due day.
SCATTER = 0.4
FREIGHT_SHARE = 0.40
# Of the documents delivered, how many come late outside a failure wave, and inside one.
LATE_SHARE, LATE_SHARE_IN_WAVE = 0.07, 0.34
ZERO_LINE_SHARE = 0.004
WRITE_OFF_SHARE = 0.0004
COST_UNKNOWN_SHARE = 0.03
# Of the orders of customers that leave for less, only single small lines remain.
STEP_DOWN_VALUE = 0.60


def month_orders(connection: duckdb.DuckDBPyConnection, start: date, end: date) -> None:
    """Create temporary table `orders`: who orders on which day of a month.

    Args:
        connection: Connection with tables customers, planted_orders, calendar and settings.
        start: First day of the month.
        end: First day after the month.
    """
    connection.execute(
        f"""
        create or replace temporary table orders as
        with spans as (
            select
                *,
                floor((date '{start}' - first_day - 14) / interval_days - phase - 1)::bigint
                    as k_from,
                ceil((date '{end}' - first_day) / interval_days - phase + 1)::bigint as k_to,
            from customers, settings
            where is_regular and start_day < date '{end}'
                and (end_day is null or end_day >= date '{start}')
        ),
        due as (
            select
                spans.*,
                k,
                first_day + floor(
                    (k + phase + {SCATTER} * (uniform('order day', cust_no, k) - 0.5))
                    * interval_days
                )::integer as due_day,
            from spans, unnest(range(k_from, k_to + 1)) as t (k)
        ),
        regular as (
            select
                due.cust_no, due.k, calendar.business_day as day, 'regular' as kind, 1.0 as times,
            from due
            inner join calendar on due.due_day = calendar.day
            where calendar.business_day >= date '{start}' and calendar.business_day < date '{end}'
                and calendar.business_day >= due.start_day
                and (due.end_day is null or calendar.business_day <= due.end_day)
                and (due.gap_from is null or calendar.business_day < due.gap_from
                    or calendar.business_day >= due.gap_to)
                and (due.season_length = 0
                    or (month(calendar.business_day) - due.season_first + 12) % 12
                        < due.season_length)
        )
        select * from regular
        union all
        select cust_no, k, day, kind, times,
        from planted_orders
        where day >= date '{start}' and day < date '{end}'
        """
    )


def month_invoices(connection: duckdb.DuckDBPyConnection, start: date) -> None:
    """Create temporary table `invoices_m`: the month's invoices with what their lines need.

    Args:
        connection: Connection with temporary table orders.
        start: First day of the month.
    """
    connection.execute(
        f"""
        create or replace temporary table invoices_m as
        select
            'IN{start:%y%m}' || lpad(
                row_number() over (order by o.day, o.cust_no, o.k)::varchar, 6, '0'
            ) as document_no,
            o.cust_no, o.k, o.day, o.kind, o.times,
            c.is_cash, c.is_delivered, c.currency, c.terms_days, c.end_day, c.part, c.place,
            c.interval_days, c.has_account,
            o.day + c.terms_days::integer as due_day,
            owners.employee_id,
            least(25, 1 + floor(
                -ln(1 - uniform('lines', o.cust_no, o.k))
                * (c.lines_mean - 0.5)
                * case when c.part = 'partial_spend' and o.day >= c.step_day then 0 else 1 end
            ))::bigint as line_count,
            (c.is_delivered and o.kind = 'regular'
                and uniform('freight', o.cust_no, o.k) < {FREIGHT_SHARE})::bigint as freight_count,
            c.line_value * o.times * season.factor
                * pow(c.growth, (o.day - s.first_day) / 365.25)
                * case
                    when c.part = 'partial_spend' and o.day >= c.step_day then {STEP_DOWN_VALUE}
                    when c.step_day is not null and o.day >= c.step_day then c.step_factor
                    else 1
                end
                * case
                    when c.fade_from is not null and o.day >= c.fade_from
                        then greatest(0.12, 1 - (o.day - c.fade_from) / {FADE_DAYS}.0)
                    else 1
                end as line_value,
            o.kind = 'zero' as is_zero,
            if(o.day >= s.late_wave_from and o.day < s.late_wave_to,
                {LATE_SHARE_IN_WAVE}, {LATE_SHARE}) as late_share,
            c.is_delivered and uniform('late', o.cust_no, o.k) < late_share as is_late,
        from orders as o
        inner join customers as c on o.cust_no = c.cust_no
        cross join settings as s
        inner join seasonality as season on month(o.day) = season.calendar_month
        left join owners on o.cust_no = owners.cust_no
            and o.day >= owners.owned_from and o.day < owners.owned_to
        """
    )


def month_lines(connection: duckdb.DuckDBPyConnection, start: date) -> None:
    """Create temporary table `lines_m`: the lines of the month's invoices.

    net_amount = round(quantity * unit_price, 2) - discount_amount, all exact decimals.

    Args:
        connection: Connection with temporary table invoices_m.
        start: First day of the month.
    """
    first, second, third = BASKET_CUTS
    connection.execute(
        f"""
        create or replace temporary table lines_m as
        with drawn as (
            select
                i.*,
                line_no,
                line_no > line_count as is_freight,
                hash(i.cust_no, i.k) as doc_hash,
                uniform('basket', doc_hash, line_no) as basket,
            from invoices_m as i, unnest(range(1, line_count + freight_count + 1)) as t (line_no)
        ),
        placed as (
            select
                drawn.*,
                c.cat1, c.discount, c.price_factor,
                case
                    when is_freight then 8
                    when basket < {first} then c.cat1
                    when basket < {second} then
                        if(c.drop_from is not null and drawn.day >= c.drop_from, c.cat1, c.cat2)
                    when basket < {third} then c.cat3
                    else c.cat4
                end as cat,
            from drawn
            inner join customers as c on drawn.cust_no = c.cust_no
        ),
        chosen as (
            select
                placed.*,
                p.product_code, p.is_service, p.category_code,
                p.list_price * pow(1 + p.price_drift, years.year_index) as list_now,
                p.unit_cost * pow(1 + {COST_DRIFT}, years.year_index) as cost_now,
                if(placed.currency = 'USD', {PRICE_LIST_RATE}, 1.0) as per_unit,
            from placed
            inner join items as years
                on years.cat = least(placed.cat, 7) and years.calendar_year = {start.year}
            inner join products as p
                on p.cat = placed.cat
                and p.item = case
                    when placed.is_freight then pick('freight item', doc_hash, line_no, 3)
                    else (
                        floor(pow(uniform('item', doc_hash, line_no), 1.6) * years.item_count)
                            ::bigint
                        + pick('favourite', placed.cust_no, placed.cat, years.item_count)
                    ) % years.item_count
                end
        ),
        priced as (
            select
                *,
                is_zero or (not is_freight and line_no > 1 and kind = 'regular'
                    and uniform('sample line', doc_hash, line_no) < {ZERO_LINE_SHARE}) as is_free,
                not is_freight and line_no > 1 and kind = 'regular'
                    and uniform('write off', doc_hash, line_no) < {WRITE_OFF_SHARE} as is_write_off,
                greatest(0.05, list_now * if(is_service, 1, price_factor) / per_unit) as price,
                line_value * exp(0.55 * normal('value', doc_hash, line_no) - 0.15)
                    / (list_now * if(is_service, 1, price_factor)) as wanted,
            from chosen
        ),
        counted as (
            select
                *,
                if(is_free, 0, price)::decimal(12, 2) as unit_price,
                (case
                    when is_freight or is_free then 1
                    when category_code = 'lubricants' then greatest(0.5, round(wanted * 2) / 2)
                    else greatest(1, round(wanted))
                end * if(is_write_off, -1, 1))::decimal(12, 2) as quantity,
            from priced
        ),
        summed as (
            select
                *,
                round(quantity * unit_price, 2)::decimal(18, 2) as gross,
                if(
                    is_freight or is_free or is_write_off
                        or uniform('discounted', doc_hash, line_no) < 0.15,
                    0, discount
                )::decimal(4, 2) as discount_rate,
            from counted
        )
        select
            document_no, line_no, cust_no, day, currency, product_code, category_code, is_service,
            quantity, unit_price,
            round(gross * discount_rate, 2)::decimal(18, 2) as discount_amount,
            (gross - round(gross * discount_rate, 2))::decimal(18, 2) as net_amount,
            if(
                uniform('cost known', doc_hash, line_no)
                    < if(is_service, 0.5, {COST_UNKNOWN_SHARE}),
                null,
                round(
                    quantity::double * cost_now / per_unit
                    * (1 + 0.02 * normal('cost', doc_hash, line_no)), 2
                )
            )::decimal(18, 2) as cost_amount,
            null::varchar as return_reason_code,
        from summed
        """
    )
