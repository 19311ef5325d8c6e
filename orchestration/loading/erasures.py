"""People and customers whose data must go: the list, and what it does to the raw tables.

An erasure puts a tombstone in the place of an identifier, everywhere, and takes names and personal
data out of the rows that are about it. Amounts, dates and links stay, so that figures add up as
before; nothing in the warehouse says whose they were. The list is read at every run, because an
extract delivered later brings the identifier back.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.loading.contract import SUBJECTS, Column, Contract, Table
from orchestration.loading.convert import identifier
from orchestration.loading.errors import LoadError

COLUMNS = ("subject", "identifier", "tombstone")
_TOMBSTONE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LIST = "erasure_list"


@dataclass(frozen=True)
class Erasure:
    """One line of the list.

    Attributes:
        subject: customer, account, contact or employee.
        identifier: Its identifier in the extracts.
        tombstone: What takes the identifier's place.
    """

    subject: str
    identifier: str
    tombstone: str


def read_erasures(path: Path) -> list[Erasure]:
    """Read a list of erasures: a CSV file in UTF-8 with the columns of `COLUMNS`, others ignored.

    Args:
        path: The file; it may be absent.

    Returns:
        One entry a line, in order; none where there is no file.

    Raises:
        LoadError: The list is not as it must be; names every line and column that is not.
    """
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
            if missing:
                raise LoadError(
                    [
                        f"{path.name}: line 1 lacks the column {', '.join(missing)}. The first "
                        f"line must be {','.join(COLUMNS)}."
                    ]
                )
            rows = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise LoadError([f"{path.name} is no CSV file in UTF-8: {error}. Save it so."]) from error
    problems = list(_problems(path.name, rows))
    if problems:
        raise LoadError(problems)
    return [Erasure(*(row[name].strip() for name in COLUMNS)) for _line, row in rows]


def erasure_fingerprint(erasures: Sequence[Erasure]) -> str | None:
    """Return a hash that changes with the list, or None for an empty one.

    It is published, so it is made of tombstones alone: from it no identifier can be guessed.
    """
    if not erasures:
        return None
    lines = sorted(f"{entry.subject} {entry.tombstone}" for entry in erasures)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def names_erased(
    connection: duckdb.DuckDBPyConnection, contract: Contract, erasures: Sequence[Erasure]
) -> bool:
    """Return whether the raw tables still hold an identifier of the list.

    Args:
        connection: Open connection to the warehouse.
        contract: The contract.
        erasures: The list.

    Raises:
        LoadError: A customer is on the list and an account of it is not.
    """
    _write_list(connection, erasures)
    _require_accounts(connection, contract)
    return any(
        connection.execute(
            f"select 1 from {table.relation} where {identifier(column.name)} in "
            f"(select identifier from {_LIST} where subject = ?) limit 1",
            [column.identifies or column.refers_to],
        ).fetchone()
        for table, column in _identifiers(contract)
    )


def erase(
    connection: duckdb.DuckDBPyConnection, contract: Contract, erasures: Sequence[Erasure]
) -> int:
    """Erase in one transaction what a list names from every raw table and from the refused rows.

    Args:
        connection: Open connection to the warehouse, allowed to write, with no open transaction.
        contract: The contract.
        erasures: The list.

    Returns:
        Number of rows changed in contract tables; a row changed for two identifiers counts twice.
    """
    _write_list(connection, erasures)
    changed = 0
    connection.execute("begin")
    try:
        for table, column in _identifiers(contract):
            row = connection.execute(_update(table, column)).fetchone()
            changed += int(row[0]) if row else 0
        # A refused value cannot be told to be of one person, so all of personal columns go.
        for table in contract.tables.values():
            for column in _personal(table):
                connection.execute(
                    "update raw_meta.rejected_rows set value = null "
                    "where source_name = ? and table_name = ? and column_name = ?",
                    [table.source, table.name, column.name],
                )
        connection.execute(
            f"update raw_meta.rejected_rows set value = {_LIST}.tombstone from {_LIST} "
            f"where raw_meta.rejected_rows.value = {_LIST}.identifier"
        )
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")
    connection.execute("checkpoint")
    return changed


def _problems(name: str, rows: Sequence[tuple[int, dict[str, str]]]) -> Iterator[str]:
    seen: dict[tuple[str, str], int] = {}
    for line, row in rows:
        values = {column: (row[column] or "").strip() for column in COLUMNS}
        empty = [column for column, value in values.items() if not value]
        if empty:
            yield f"{name}: line {line}, column {empty[0]}: is empty. Fill it in."
            continue
        if values["subject"] not in SUBJECTS:
            yield (
                f"{name}: line {line}, column subject: {values['subject']!r} is not known. Write "
                f"one of {', '.join(SUBJECTS)}."
            )
        if not _TOMBSTONE.fullmatch(values["tombstone"]):
            yield (
                f"{name}: line {line}, column tombstone: {values['tombstone']!r} will not do. "
                "Write letters, digits, dots, dashes and underscores, such as erased-0001."
            )
        for column in ("identifier", "tombstone"):
            key = (values["subject"], values[column])
            if key in seen:
                yield (
                    f"{name}: line {line}, column {column}: {values[column]!r} stands in line "
                    f"{seen[key]} already. Give every erasure a tombstone of its own."
                )
            seen.setdefault(key, line)


def _write_list(connection: duckdb.DuckDBPyConnection, erasures: Sequence[Erasure]) -> None:
    connection.execute(
        f"create or replace temp table {_LIST} "
        "(subject varchar, identifier varchar, tombstone varchar)"
    )
    if erasures:
        connection.executemany(
            f"insert into {_LIST} values (?, ?, ?)",
            [(entry.subject, entry.identifier, entry.tombstone) for entry in erasures],
        )


def _require_accounts(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Refuse a list that would leave the CRM's account of an erased customer with its name."""
    accounts = contract.table("crm.accounts").relation
    rows = connection.execute(
        f"select distinct listed.identifier, account_id from {accounts} as accounts "
        f"inner join {_LIST} as listed on listed.subject = 'customer' "
        "and accounts.customer_code in (listed.identifier, listed.tombstone) "
        f"where account_id not in (select identifier from {_LIST} where subject = 'account') "
        f"and account_id not in (select tombstone from {_LIST} where subject = 'account') "
        "order by all"
    ).fetchall()
    if rows:
        raise LoadError(
            [
                f"The list of erasures names customer {customer} and not its account {account}. "
                f"Add a line `account,{account},<tombstone>`, or the CRM's name of it stays."
                for customer, account in rows
            ]
        )


def _identifiers(contract: Contract) -> Iterator[tuple[Table, Column]]:
    for table in contract.tables.values():
        for column in table.columns:
            if column.identifies or column.refers_to:
                yield table, column


def _personal(table: Table) -> list[Column]:
    return [column for column in table.columns if column.is_pii or column.is_name]


def _update(table: Table, column: Column) -> str:
    changes = [f"{identifier(column.name)} = {_LIST}.tombstone"]
    if column.identifies:
        changes += [
            f"{identifier(other.name)} = "
            + (f"{_LIST}.tombstone" if other.required and other.data_type == "string" else "null")
            for other in _personal(table)
        ]
    subject = column.identifies or column.refers_to
    return (
        f"update {table.relation} set {', '.join(changes)} from {_LIST} "
        f"where {_LIST}.subject = '{subject}' "
        f"and {table.relation}.{identifier(column.name)} = {_LIST}.identifier"
    )
