"""A small ledger written to disk, and a load of it in one call."""

import gzip
from pathlib import Path

import duckdb
import pytest

from orchestration.loading import Mapping, load_contract, load_extracts

CONTRACT = load_contract()
CUSTOMERS = "customer_code,customer_name\nA,Ann\nB,Bob\n"
INVOICES = (
    "document_no,customer_code,document_date,document_type\n"
    "1,A,2024-03-05,invoice\n2,B,2024-03-06,credit_note\n"
)
LINES = "document_no,line_no,quantity,net_amount\n1,1,2,10.50\n1,2,1,3\n2,1,-1,-3.25\n"


class House:
    """An extracts folder and a warehouse."""

    customers = CUSTOMERS
    invoices = INVOICES
    lines = LINES

    def __init__(self, folder: Path):
        self.folder = folder
        self.extracts = folder / "extracts"
        self.connection = duckdb.connect(str(folder / "warehouse.duckdb"), config={"threads": 2})
        self.messages: list[str] = []
        self.put("ledger/customers/customers.csv", CUSTOMERS)
        self.put("ledger/invoices/2024-03.csv", INVOICES)
        self.put("ledger/invoice_lines/2024-03.csv", LINES)

    def put(self, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = self.extracts / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode(encoding)
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    def remove(self, name: str) -> None:
        (self.extracts / name).unlink()

    def load(self, **mapping):
        made = Mapping.model_validate({"version": 1, "name": "test", **mapping})
        return load_extracts(
            self.connection, self.extracts, made, CONTRACT, progress=self.messages.append
        )

    def rows(self, query: str):
        return self.connection.execute(query).fetchall()


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    yield made
    made.connection.close()
