"""The extracts fit the contract, come out the same twice, and nothing foreign is touched."""

import gzip
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.loading import create_raw_tables, load_contract, load_extracts, load_mapping
from orchestration.sample import SampleError, generate
from orchestration.sample.generator import _BUILDING

TINY = {"scale": 0.001, "months": 12}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    return generate(tmp_path_factory.mktemp("tiny") / "home", **TINY, threads=1)


def test_every_table_of_the_contract_is_delivered_with_its_columns(small_sample):
    contract = load_contract()
    assert len(contract.tables) == 22
    for table in contract.tables.values():
        files = sorted((small_sample.extracts / table.source / table.name).glob("*.csv.gz"))
        assert files, f"{table.label} has no file"
        for file in files:
            header = gzip.decompress(file.read_bytes()).decode().splitlines()[0]
            assert tuple(header.split(",")) == table.column_names, file.name


def test_the_loader_takes_every_row_but_the_planted_duplicate(tiny):
    with duckdb.connect() as connection:
        contract = load_contract()
        create_raw_tables(connection, contract)
        mapping = load_mapping(tiny.extracts / "mapping.yml")
        load_extracts(connection, tiny.extracts, mapping, contract)
        rejected = connection.execute(
            "select table_name, line_number from raw_meta.rejected_rows"
            " where reason not like 'repeats line % exactly%'"
        ).fetchall()
        loaded, duplicates = connection.execute(
            "select sum(loaded_count), sum(duplicate_count) from raw_meta.extract_files"
        ).fetchone()
        orphans = connection.execute(
            """
            select 'invoice' from raw_ledger.invoices
            where customer_code not in (select customer_code from raw_ledger.customers)
            union all
            select 'receipt' from raw_ledger.receipts
            where customer_code not in (select customer_code from raw_ledger.customers)
                or document_no not in (select document_no from raw_ledger.invoices)
            union all
            select 'delivery' from raw_ledger.deliveries
            where customer_code not in (select customer_code from raw_ledger.customers)
            union all
            select 'line' from raw_ledger.invoice_lines
            where document_no not in (select document_no from raw_ledger.invoices)
                or product_code not in (select product_code from raw_ledger.products)
            union all
            select 'rate' from raw_ledger.invoices as i
            left join raw_ledger.exchange_rates as r on i.currency = r.currency
                and date_trunc('month', i.document_date) = r.rate_month
            where r.currency is null
            """
        ).fetchall()
        amounts = connection.execute(
            """
            select count(*) from raw_ledger.invoice_lines
            where round(quantity * unit_price, 2)
                - sign(quantity) * coalesce(discount_amount, 0) <> net_amount
            """
        ).fetchone()
    assert rejected == []
    assert orphans == []
    assert amounts == (0,)
    assert duplicates == 1
    assert loaded == sum(tiny.row_counts.values()) - 1


def test_crm_rows_refer_to_what_exists(small_sample):
    contract = load_contract()
    crm = small_sample.extracts / "crm"
    with duckdb.connect() as connection:
        known = {
            name: {
                row[0]
                for row in connection.execute(
                    f"select {key} from read_csv('{crm / table}/*.csv.gz')"
                ).fetchall()
            }
            for name, table, key in (
                ("account_id", "accounts", "account_id"),
                ("contact_id", "contacts", "contact_id"),
                ("employee_id", "employees", "employee_id"),
                ("review_id", "defection_reviews", "review_id"),
                ("merged_into_case_id", "cases", "case_id"),
            )
        }
        known |= dict.fromkeys(("interviewer_id", "owner_employee_id"), known["employee_id"])
        known["referred_by_account_id"] = known["account_id"]
        for table in contract.tables.values():
            for column in table.column_names:
                if table.source == "crm" and column in known:
                    rows = connection.execute(
                        f"select distinct {column} from"
                        f" read_csv('{crm / table.name}/*.csv.gz', all_varchar = true)"
                        f" where {column} is not null"
                    ).fetchall()
                    missing = {row[0] for row in rows} - known[column]
                    assert missing == set(), f"{table.label}.{column}"


def test_failure_and_cause_codes_are_in_the_taxonomies(small_sample):
    with duckdb.connect() as connection:
        for table, column, seed, key in (
            ("cases", "failure_code", "failure_types", "failure_code"),
            ("review_causes", "cause_code", "defection_causes", "cause_code"),
            ("opportunities", "reason_code", "defection_causes", "cause_code"),
            ("corrective_actions", "cause_code", "defection_causes", "cause_code"),
            ("corrective_actions", "failure_code", "failure_types", "failure_code"),
        ):
            unknown = connection.execute(
                f"select distinct {column} from"
                f" read_csv('{small_sample.extracts}/crm/{table}/*.csv.gz', all_varchar = true)"
                f" where {column} not in"
                f" (select {key} from read_csv('seeds/vocabularies/{seed}.csv'))"
            ).fetchall()
            assert unknown == [], f"{table}.{column}"


def test_causes_of_a_review_weigh_one_in_all(small_sample):
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select review_id, sum(weight::decimal(5, 2)) from"
            f" read_csv('{small_sample.extracts}/crm/review_causes/*.csv.gz') group by 1"
        ).fetchall()
    assert rows
    assert {weight for _, weight in rows} == {Decimal("1.00")}


def test_the_same_parameters_give_the_same_bytes_on_any_number_of_threads(tiny, tmp_path):
    again = generate(tmp_path / "home", **TINY, threads=3)
    first, second = tree(tiny.home), tree(again.home)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_another_seed_gives_another_company(tiny, tmp_path):
    other = generate(tmp_path / "home", **TINY, seed=43)
    file = "extracts/ledger/invoices/2025-06.csv.gz"
    assert (tiny.home / file).read_bytes() != (other.home / file).read_bytes()


def test_twice_does_nothing_and_says_so(tiny):
    before = {path: path.stat().st_mtime_ns for path in tiny.home.rglob("*")}
    again = generate(tiny.home, **TINY)
    assert not again.is_new
    assert again.row_counts == tiny.row_counts
    assert "already" in str(again)
    assert {path: path.stat().st_mtime_ns for path in tiny.home.rglob("*")} == before


def test_other_parameters_are_refused_and_change_nothing(tiny):
    before = tree(tiny.home)
    with pytest.raises(SampleError, match="other parameters"):
        generate(tiny.home, scale=0.001, months=12, seed=7)
    assert tree(tiny.home) == before


def test_extracts_of_someone_else_are_refused_and_kept(tmp_path):
    foreign = tmp_path / "extracts" / "ledger" / "invoices" / "2024-01.csv"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine")
    with pytest.raises(SampleError, match="no sample wrote"):
        generate(tmp_path, **TINY)
    assert foreign.read_text() == "mine"


def test_a_move_cut_in_the_middle_is_completed(tiny, tmp_path):
    home = tmp_path / "home"
    (home / _BUILDING).mkdir(parents=True)
    _copy(tiny.extracts, home / "extracts")
    _copy(tiny.truth, home / _BUILDING / "truth")
    again = generate(home, **TINY)
    assert not again.is_new
    assert tree(home) == tree(tiny.home)


def test_a_killed_build_is_thrown_away(tiny, tmp_path, monkeypatch):
    home = tmp_path / "home"
    left = home / _BUILDING / "extracts" / "ledger"
    left.mkdir(parents=True)
    (left / "half.csv").write_text("half")
    monkeypatch.setattr("orchestration.sample.generator._build", _fail)
    with pytest.raises(KeyboardInterrupt):
        generate(home, **TINY)
    assert list(home.iterdir()) == []


def test_chinese_extracts_are_chinese_and_load_alike(tmp_path):
    sample = generate(tmp_path / "home", **TINY, language="zh")
    file = sample.extracts / "ledger" / "invoices" / "2025-06.csv.gz"
    text = gzip.decompress(file.read_bytes()).decode("gb18030")
    assert text.startswith("单据号,客户编码,单据日期")
    assert "2025/06/" in text
    assert "发票" in text
    contacts = min((sample.extracts / "crm" / "contacts").iterdir()).read_bytes()
    assert "𬭎".encode("gb18030") in gzip.decompress(contacts)
    with duckdb.connect() as connection:
        contract = load_contract()
        create_raw_tables(connection, contract)
        mapping = load_mapping(sample.extracts / "mapping.yml")
        load_extracts(connection, sample.extracts, mapping, contract)
        # One line is planted twice; nothing else may be refused.
        assert connection.execute("select count(*) from raw_meta.rejected_rows").fetchone() == (1,)
        expected = connection.execute(
            "select sum(document_count)::bigint"
            f" from read_csv('{sample.truth / 'ledger_months.csv'}')"
        ).fetchone()
        documents = connection.execute(
            "select count(distinct document_no) from raw_ledger.invoices"
            " where document_type in ('invoice', 'credit_note', 'debit_note', 'adjustment')"
        ).fetchone()
        assert documents == expected


def test_parquet_carries_the_same_rows(tiny, tmp_path):
    sample = generate(tmp_path / "home", **TINY, file_format="parquet")
    assert sample.row_counts == tiny.row_counts
    assert not list(sample.extracts.rglob("*.csv*"))


def test_stamp_names_the_parameters(tiny):
    stamp = json.loads((tiny.truth / "sample.json").read_text(encoding="utf-8"))
    assert stamp["parameters"] == tiny.parameters
    assert stamp["parameters"]["months"] == 12


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _copy(source, target):
    for name, content in tree(source).items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)


def _fail(*_):
    raise KeyboardInterrupt
