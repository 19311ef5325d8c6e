"""Known files, corrections and late arrivals: the current state never depends on the order."""

import datetime as dt
import itertools
import os
import signal
import subprocess
import sys
import textwrap

import pytest

from orchestration.loading import LoadError

INVOICE_FILE = "ledger/invoices/2024-03.csv"


def current(house):
    return house.rows(
        "select f.file_name, i.document_no from raw_ledger.invoices as i "
        "inner join raw_meta.extract_files as f on i.load_file_id = f.file_id "
        "and f.table_name = 'invoices' where f.status = 'loaded' order by all"
    )


def invoice(number, day="2024-03-05"):
    return f"document_no,customer_code,document_date,document_type\n{number},A,{day},invoice\n"


def test_the_same_files_again_do_nothing(house):
    first = house.load()
    again = house.load()
    assert {entry.status for entry in first.files} == {"loaded"}
    assert {entry.status for entry in again.files} == {"known"}
    assert again.totals.new_file_count == 0
    assert not again.has_changes
    assert house.rows("select status from raw_meta.load_batches order by batch_id") == [
        ("loaded",),
        ("nothing_new",),
    ]
    assert house.rows("select count(*) from raw_ledger.invoice_lines") == [(3,)]


def test_the_same_bytes_under_another_name_are_known(house):
    house.load()
    (house.extracts / INVOICE_FILE).rename(house.extracts / "ledger/invoices/202403.csv")
    report = house.load()
    assert not report.has_changes
    assert any("was loaded before, under the name" in notice for notice in report.notices)


def test_a_month_delivered_twice_at_once_counts_once(house):
    house.put("ledger/invoices/2024-03.v2.csv", house.invoices)
    report = house.load()
    assert house.rows("select count(*) from raw_ledger.invoices") == [(2,)]
    assert any("has the same content as" in notice for notice in report.notices)


DELIVERIES = {
    INVOICE_FILE: invoice(1),
    "ledger/invoices/2024-03.corrected-delivered-2024-05-04.csv": invoice(2),
    "ledger/invoices/2024-03.v3-delivered-2024-06-04.csv": invoice(3),
}


@pytest.mark.parametrize("order", list(itertools.permutations(DELIVERIES)))
def test_corrections_in_any_order(house, order):
    house.remove(INVOICE_FILE)
    for name in order:
        house.put(name, DELIVERIES[name])
        house.load()
    assert current(house) == [("ledger/invoices/2024-03.v3-delivered-2024-06-04.csv", "3")]
    assert house.rows("select count(*) from raw_ledger.invoices") == [(3,)]
    assert house.rows(
        "select revision, known_from, status, superseded_by_file_id is not null "
        "from raw_meta.extract_files where table_name = 'invoices' order by revision"
    )[1:] == [
        ("r0002.2024-05-04", dt.date(2024, 5, 4), "superseded", True),
        ("r0003.2024-06-04", dt.date(2024, 6, 4), "loaded", False),
    ]


def test_corrections_at_once(house):
    for name, content in DELIVERIES.items():
        house.put(name, content)
    report = house.load()
    statuses = [entry.status for entry in report.files if entry.table == "invoices"]
    assert statuses == ["loaded", "superseding", "superseding"]
    assert [number for _, number in current(house)] == ["3"]


def test_a_file_replaced_under_its_name_supersedes_the_old_one(house):
    house.load()
    house.put(INVOICE_FILE, invoice(7))
    report = house.load()
    statuses = [entry.status for entry in report.files if entry.table == "invoices"]
    assert statuses == ["superseding"]
    assert current(house) == [(INVOICE_FILE, "7")]


def test_a_full_list_replaces_the_list_before(house):
    house.load()
    house.put("ledger/customers/customers.csv", house.customers + "C,Cy\n")
    house.load()
    assert house.rows(
        "select count(*) from raw_meta.extract_files where table_name = 'customers' "
        "and status = 'loaded'"
    ) == [(1,)]


def test_a_changed_mapping_reads_the_file_anew(house):
    house.load()
    house.load(tables={"ledger.invoices": {"columns": {"currency": {"constant": "EUR"}}}})
    assert house.rows(
        "select i.currency from raw_ledger.invoices as i inner join raw_meta.extract_files as f "
        "on i.load_file_id = f.file_id and f.table_name = 'invoices' where f.status = 'loaded'"
    ) == [("EUR",), ("EUR",)]
    assert house.rows("select count(*) from raw_ledger.invoice_lines") == [(3,)]


def test_branches_may_stand_beside_each_other(house):
    house.put("ledger/invoices/north_2024-03.csv", invoice(8))
    with pytest.raises(LoadError, match="two files for 2024-03"):
        house.load()
    house.load(tables={"ledger.invoices": {"several_files_per_period": True}})
    assert [number for _, number in current(house)] == ["1", "2", "8"]


def test_periods_without_a_name_come_from_the_dates(house):
    house.remove(INVOICE_FILE)
    house.put("ledger/invoices/export.csv", house.invoices)
    house.load()
    assert house.rows(
        "select period_start, period_end, complete_through from raw_meta.extract_files "
        "where table_name = 'invoices'"
    ) == [(dt.date(2024, 3, 1), dt.date(2024, 4, 1), dt.date(2024, 3, 7))]


@pytest.mark.parametrize(
    ("name", "complete", "through"),
    [
        ("2024-03.csv", False, dt.date(2024, 3, 7)),
        ("2024-03.csv", True, dt.date(2024, 4, 1)),
        ("2024-03.delivered-2024-03-20.csv", False, dt.date(2024, 3, 20)),
        ("2024-03.delivered-2024-05-20.csv", False, dt.date(2024, 4, 1)),
    ],
)
def test_what_a_file_vouches_for(house, name, complete, through):
    house.remove(INVOICE_FILE)
    house.put(f"ledger/invoices/{name}", house.invoices)
    house.load(complete_periods=complete)
    assert house.rows(
        "select complete_through from raw_meta.extract_files where table_name = 'invoices'"
    ) == [(through,)]


def test_the_files_of_an_empty_folder_stay_loaded(house):
    house.load()
    house.remove(INVOICE_FILE)
    assert not house.load().has_changes


def test_a_run_killed_in_the_middle_leaves_each_file_whole_or_absent(house):
    """Kill -9 while the lines are written: the file is absent, and the next run loads it."""
    rows = "".join(f"{number},1,1,1.00\n" for number in range(200_000))
    house.put("ledger/invoice_lines/2024-03.csv", house.lines.splitlines()[0] + "\n" + rows)
    house.connection.close()
    script = textwrap.dedent(
        f"""
        import os, signal, duckdb
        from pathlib import Path
        from orchestration.loading import books, load_contract, load_extracts, load_mapping
        record = books.record_delivery
        def killed(connection, delivery, *rest):
            if delivery.table.name == "invoice_lines":
                os.kill(os.getpid(), signal.SIGKILL)
            return record(connection, delivery, *rest)
        books.record_delivery = killed
        connection = duckdb.connect({str(house.folder / "warehouse.duckdb")!r})
        load_extracts(connection, Path({str(house.extracts)!r}), load_mapping("contract"),
                      load_contract())
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, env=dict(os.environ), timeout=120
    )
    assert done.returncode == -signal.SIGKILL
    house.__init__(house.folder)
    house.put("ledger/invoice_lines/2024-03.csv", house.lines.splitlines()[0] + "\n" + rows)
    assert house.rows("select count(*) from raw_ledger.customers") == [(2,)]
    assert house.rows("select count(*) from raw_ledger.invoice_lines") == [(0,)]
    assert house.rows(
        "select count(*) from raw_meta.extract_files where table_name = 'invoice_lines'"
    ) == [(0,)]
    house.load()
    assert house.rows("select count(*) from raw_ledger.invoice_lines") == [(200_000,)]
    assert house.rows("select status, message from raw_meta.load_batches order by batch_id") == [
        ("failed", "The run was ended before it was done."),
        ("loaded", None),
    ]


def test_a_list_that_did_not_change_is_a_delivery_of_its_own_month(house):
    """May and July hold the same list, June another one: July's must count again."""
    house.remove("ledger/customers/customers.csv")
    other = house.customers + "C,Cy\n"
    months = {"2024-05": house.customers, "2024-06": other, "2024-07": house.customers}
    for month, content in months.items():
        house.put(f"ledger/customers/{month}.csv", content)
    house.load()
    assert house.rows(
        "select period_start, loaded_count from raw_meta.extract_files "
        "where table_name = 'customers' and status = 'loaded' order by 1"
    ) == [(dt.date(2024, 5, 1), 2), (dt.date(2024, 6, 1), 3), (dt.date(2024, 7, 1), 2)]
    assert not house.load().has_changes


@pytest.mark.parametrize("loads", [{0, 1, 2}, {0, 2}, {1, 2}, {2}])
def test_a_revision_may_go_back_to_what_was_corrected(house, loads):
    house.remove(INVOICE_FILE)
    names = [("2024-03.csv", 1), ("2024-03.v2.csv", 2), ("2024-03.v3.csv", 1)]
    for position, (name, number) in enumerate(names):
        house.put(f"ledger/invoices/{name}", invoice(number))
        if position in loads:
            house.load()
    assert current(house) == [("ledger/invoices/2024-03.v3.csv", "1")]
    assert not house.load().has_changes


def test_a_file_put_back_under_its_name_counts_again(house):
    for number in (1, 2, 1):
        house.put(INVOICE_FILE, invoice(number))
        house.load()
    assert [number for _, number in current(house)] == ["1"]
    assert not house.load().has_changes
