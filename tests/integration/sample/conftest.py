"""One small sample per session; the tests of this folder only read it."""

import duckdb
import pytest

from orchestration.sample import SampleSummary, generate


@pytest.fixture(scope="session")
def small_sample(tmp_path_factory) -> SampleSummary:
    return generate(tmp_path_factory.mktemp("small") / "home", scale=0.02, months=36)


@pytest.fixture(scope="session")
def books(small_sample):
    """The sample's documents as the ledger means them, and its truth, by name, in DuckDB."""
    connection = duckdb.connect()
    ledger = small_sample.extracts / "ledger"
    corrected = next((ledger / "invoice_lines").glob("*.corrected-*"))
    wrong = corrected.name.split(".")[0]
    connection.execute(
        f"""
        create table invoices as
        select distinct * from read_csv('{ledger}/invoices/*.csv.gz');
        create table invoice_lines as
        select distinct * exclude (filename)
        from read_csv('{ledger}/invoice_lines/*.csv.gz', filename = true)
        where filename not like '%/{wrong}.csv.gz';
        create table purchases as
        select i.customer_code, i.document_no, i.document_date, i.currency,
            sum(l.net_amount) as gross_amount, sum(l.cost_amount) as cost_amount,
        from invoices as i inner join invoice_lines as l on i.document_no = l.document_no
        where i.document_type = 'invoice' and i.customer_code is not null
            and l.quantity > 0 and l.net_amount > 0
        group by all;
        """
    )
    for file in small_sample.truth.glob("*.csv"):
        connection.execute(
            f"create schema if not exists truth;"
            f"create table truth.{file.stem} as select * from read_csv('{file}', sample_size = -1)"
        )
    yield connection
    connection.close()
