"""What happens to extracts on their way: corrected, late, overlapping and doubled ones.

The company's books are right; it is the files that go wrong, as files do.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from orchestration.sample.parameters import Window, add_months

# Months as fractions of the window.
OVERLAP_AT, CORRECTED_AT, LATE_LEDGER_AT = 0.20, 0.36, 0.55
LATE_DELIVERIES_AT, DUPLICATE_AT = 0.62, 0.68
OVERLAPPING_DOCUMENTS = 3
# The wrong amount that a correction takes back is this many times the right one.
MISTYPED_TIMES = 10


@dataclass(frozen=True)
class Oddities:
    """Months in which a file goes wrong.

    Attributes:
        overlap: Its last documents come again with the next month.
        corrected: Its lines are delivered wrong first, right two months later.
        late_ledger: Its invoices and lines arrive after the next month's.
        late_deliveries: Its deliveries arrive after the next month's.
        duplicate: One of its lines stands twice in the file.
    """

    overlap: date
    corrected: date
    late_ledger: date
    late_deliveries: date
    duplicate: date

    @classmethod
    def of(cls, window: Window) -> "Oddities":
        """Return the months of a window."""
        return cls(
            window.month_at(OVERLAP_AT),
            window.month_at(CORRECTED_AT),
            window.month_at(LATE_LEDGER_AT),
            window.month_at(LATE_DELIVERIES_AT),
            window.month_at(DUPLICATE_AT),
        )


def late_name(month: date) -> str:
    """Return the file name of a month delivered on the ninth of the month after the next."""
    return f"{month:%Y-%m}.delivered-{add_months(month, 2) + timedelta(days=8):%Y-%m-%d}"


def corrected_name(month: date) -> str:
    """Return the file name of a month corrected on the fourth of the month after the next."""
    return f"{month:%Y-%m}.corrected-delivered-{add_months(month, 2) + timedelta(days=3):%Y-%m-%d}"


def create_oddities(connection: duckdb.DuckDBPyConnection) -> None:
    """Create table `oddity_log` and the empty tables of documents that come again."""
    connection.execute(
        """
        create or replace table oddity_log (
            kind varchar, table_name varchar, file_name varchar, document_no varchar,
            line_no bigint, wrong_net_amount decimal(18, 2), right_net_amount decimal(18, 2)
        )
        """
    )


def repeat_documents(
    connection: duckdb.DuckDBPyConnection, oddities: Oddities, month: date, file_name: str
) -> None:
    """Keep the last documents of the overlapping month, and add them to the next month's files.

    Args:
        connection: Connection with temporary tables documents_m and lines_m.
        oddities: Months of the oddities.
        month: First day of the month.
        file_name: Name of the month's files, without extension.
    """
    if month == oddities.overlap:
        connection.execute(
            f"""
            create or replace table repeated_documents as
            select * from documents_m where document_type = 'invoice'
            order by document_no desc limit {OVERLAPPING_DOCUMENTS};
            create or replace table repeated_lines as
            select * from lines_m
            where document_no in (select document_no from repeated_documents)
            """
        )
    elif month == add_months(oddities.overlap, 1):
        connection.execute("insert into documents_m select * from repeated_documents")
        connection.execute("insert into lines_m select * from repeated_lines")
        connection.execute(
            f"""
            insert into oddity_log
            select 'overlap', 'invoice_lines', '{file_name}', document_no, line_no, net_amount,
                net_amount
            from repeated_lines
            """
        )


def repeat_line(connection: duckdb.DuckDBPyConnection, month: date, file_name: str) -> None:
    """Write one line of the month twice.

    Args:
        connection: Connection with temporary table lines_m.
        month: First day of the month.
        file_name: Name of the month's files, without extension.
    """
    chosen = f"(select document_no from ({_victims(month)}) where n = 4)"
    connection.execute(
        f"""
        insert into oddity_log
        select 'exact_duplicate', 'invoice_lines', '{file_name}', document_no, line_no, net_amount,
            net_amount
        from lines_m where document_no = {chosen} and line_no = 1;
        insert into lines_m
        select * from lines_m where document_no = {chosen} and line_no = 1
        """
    )


def spoil_lines(connection: duckdb.DuckDBPyConnection, month: date) -> None:
    """Create temporary table `spoilt_lines_m`: the month's lines as first, wrongly, delivered.

    One amount is mistyped, one line is missing, one line stands there that never was.

    Args:
        connection: Connection with temporary table lines_m.
        month: First day of the month.
    """
    wrong, right = f"{month:%Y-%m}", corrected_name(month)
    connection.execute(
        f"""
        create or replace temporary table victims as {_victims(month)};
        create or replace temporary table spoilt_lines_m as
        select l.* replace (
            if(v.n = 1, l.quantity * {MISTYPED_TIMES}, l.quantity)::decimal(12, 2) as quantity,
            if(v.n = 1, round(l.quantity * {MISTYPED_TIMES} * l.unit_price, 2) - l.discount_amount,
                l.net_amount)::decimal(18, 2) as net_amount
        )
        from lines_m as l
        left join victims as v on l.document_no = v.document_no and l.line_no = 1 and v.n <= 2
        where v.n is distinct from 2
        union all
        select l.* replace (99 as line_no)
        from lines_m as l
        inner join victims as v on l.document_no = v.document_no and l.line_no = 1 and v.n = 3;

        insert into oddity_log
        select 'corrected_amount', 'invoice_lines', '{right}', s.document_no, s.line_no,
            s.net_amount, l.net_amount
        from spoilt_lines_m as s
        inner join lines_m as l on s.document_no = l.document_no and s.line_no = l.line_no
        where s.net_amount <> l.net_amount
        union all
        select
            'line_added', 'invoice_lines', '{right}', l.document_no, l.line_no, null, l.net_amount,
        from lines_m as l
        inner join victims as v on l.document_no = v.document_no and l.line_no = 1 and v.n = 2
        union all
        select 'line_removed', 'invoice_lines', '{wrong}', s.document_no, s.line_no, s.net_amount,
            null
        from spoilt_lines_m as s where s.line_no = 99
        """
    )


def log_file(connection: duckdb.DuckDBPyConnection, kind: str, table: str, name: str) -> None:
    """Remember that a whole file is odd."""
    connection.execute(
        "insert into oddity_log values (?, ?, ?, null, null, null, null)", [kind, table, name]
    )


def _victims(month: date) -> str:
    """Return a query for the four documents that oddities of a month befall, numbered from 1."""
    return f"""
        select i.document_no, row_number() over (
            order by hash(i.document_no, date '{month}'), i.document_no
        ) as n
        from invoices_m as i
        inner join lines_m as l on i.document_no = l.document_no and l.line_no = 1
        where i.part in ('steady', 'newcomer', 'group_head', 'group_child') and i.line_count >= 2
            and l.net_amount > 50 and l.quantity > 0
        qualify n <= 4
    """
