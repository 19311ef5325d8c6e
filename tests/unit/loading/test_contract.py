from pathlib import Path

import duckdb
import pytest

from orchestration.loading.contract import Column, Contract, Table, load_contract
from orchestration.loading.errors import ContractError
from orchestration.loading.schema import create_raw_tables

CONTRACT = load_contract()


def test_the_contract_is_read_whole():
    assert len(CONTRACT.tables) == 22
    assert [table.label for table in CONTRACT.required_tables] == [
        "ledger.customers",
        "ledger.invoices",
        "ledger.invoice_lines",
    ]
    invoices = CONTRACT.table("ledger.invoices")
    assert (invoices.key, invoices.period_column) == (("document_no",), "document_date")
    assert invoices.column("document_type").allowed[0] == "invoice"
    assert "load_file_id" not in invoices.column_names
    assert CONTRACT.table("crm.contacts").column("email").is_pii


def grown(column: Column) -> Contract:
    invoices = CONTRACT.table("ledger.invoices")
    columns = tuple(entry for entry in invoices.columns if entry.name != column.name)
    table = Table(**{**invoices.__dict__, "columns": (*columns, column)})
    return Contract({**CONTRACT.tables, table.id: table})


def test_raw_tables_can_be_made_twice_and_grow():
    connection = duckdb.connect()
    create_raw_tables(connection, CONTRACT)
    connection.execute("insert into raw_ledger.invoices (document_no) values ('1')")
    create_raw_tables(connection, CONTRACT)
    create_raw_tables(connection, grown(Column("incoterm", "string")))
    assert connection.execute(
        "select document_no, incoterm from raw_ledger.invoices"
    ).fetchall() == [("1", None)]


def test_a_changed_type_is_an_error():
    connection = duckdb.connect()
    create_raw_tables(connection, CONTRACT)
    with pytest.raises(ContractError, match="document_date is date in the warehouse but varchar"):
        create_raw_tables(connection, grown(Column("document_date", "string")))


def test_a_whole_number_is_widened_to_a_decimal():
    connection = duckdb.connect()
    create_raw_tables(connection, grown(Column("payment_days", "bigint")))
    connection.execute("insert into raw_ledger.invoices (payment_days) values (30)")
    create_raw_tables(connection, grown(Column("payment_days", "decimal(9,1)")))
    connection.execute("insert into raw_ledger.invoices (payment_days) values (1.5)")
    assert [
        float(days)
        for (days,) in connection.execute("select payment_days from raw_ledger.invoices").fetchall()
    ] == [30, 1.5]


def test_a_malformed_contract_names_file_and_table(tmp_path: Path):
    folder = tmp_path / "ledger"
    folder.mkdir()
    (folder / "_ledger__sources.yml").write_text(
        "sources: [{name: ledger, schema: raw_ledger, tables: [{name: t, columns: []}]}]"
    )
    with pytest.raises(ContractError, match=r"_ledger__sources.yml: table t: config.meta.required"):
        load_contract(tmp_path)
